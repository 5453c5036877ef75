"""Messages of CKAN's own pages and of ckanext-scheming's forms that our catalogues translate as well.

CKAN's simplified Chinese lacks nearly half of its messages, and has some wrong (登陆 for 登录). These
are the ones that readers and editors of the suite's pages meet; ours come after CKAN's own. A test
in the browser fails when a page shows another one in English.
"""

MESSAGES: tuple[str | tuple[str, str], ...] = (
    # Made of the name of the group type, so that no template of CKAN has them.
    ("{number} theme found", "{number} themes found"),
    ('{number} theme found for "{query}"', '{number} themes found for "{query}"'),
    "No themes found",
    'No themes found for "{query}"',
    "0 Members",
    '<p class="extra">Please try another search.</p>',
    '<p id="search-error"><strong>There was an error while searching.</strong> Please try again.</p>',
    '<strong>Powered by</strong> <a class="hide-text ckan-footer-logo" href="http://ckan.org">CKAN</a>',
    "Breadcrumb",
    "Current resource: {name}",
    "Data last updated",
    # Of CKAN 2.11 alone.
    "Datasets in organization: {group}",
    "Dataset description:",
    "Filter by: {title}",
    "Follow",
    "Followers",
    "License",
    "Log in",
    "Login",
    "Manage resource: {name}",
    "Metadata last updated",
    "Navigate to Home - {site_title}",
    "Navigate to dataset: {title}",
    "Navigate to resource: {name_or_id}",
    "Navigate to resource: {name}",
    "No License Provided",
    "Open details page for dataset - {title}",
    "Open details page for {name}",
    "Profile settings",
    "Remove applied filter: {value}",
    "Reorder resources",
    "Resource URL: {url}",
    "Search Datasets...",
    "Search datasets by {name}: {label}",
    "Search datasets with the tag: {name}",
    "Search datasets with the tag: {tag}",
    "Skip to main content",
    "Social",
    (
        "The <i>data license</i> you select above only applies to the contents of any resource files that"
        " you add to this dataset. By submitting this form, you agree to release the <i>metadata</i>"
        " values that you enter into the form under the"
        ' <a href="http://opendatacommons.org/licenses/odbl/1-0/">Open Database License</a>.'
    ),
    "There is no description for this organization.",
    "These fields have been removed, click update below to save your changes.",
    "These fields have been removed.",
    "Toggle navigation",
    "Username or Email",
    "View dashboard",
    "You can also access this registry using the %(api_link)s (see %(api_doc_link)s).",
    (
        'You can use <a href="#markdown" title="Markdown quick reference" data-bs-toggle="popover"'
        ' data-bs-content="%(markdown_tooltip)s" data-bs-html="true">Markdown formatting</a> here'
    ),
)
