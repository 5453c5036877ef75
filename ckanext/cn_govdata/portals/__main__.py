"""`python -m ckanext.cn_govdata.portals` is the command `cn-govdata`."""

from ckanext.cn_govdata.portals.cli import main

if __name__ == "__main__":
    main(prog_name="cn-govdata")
