"""What is known of single portals beyond the list of addresses.

Unless a comment names another source, from the crawlers of
https://github.com/String10/ChinaOpenDataPortal-Metadata (requests captured in June 2023).
"""

from __future__ import annotations

# One host, one address, a sub-site for each division that a request parameter selects.
SUB_SITES = {"data.fujian.gov.cn", "gddata.gd.gov.cn"}

# Rows that are a filter (region_code, a department) on the province's platform: (host, division)
# -> address of the source they are members of.
_NINGXIA = "https://opendata.nx.gov.cn/portal/index"
_ANHUI = "https://data.ahzwfw.gov.cn/dataopen-web/index.html"
FILTERED_ON = {
    ("opendata.nx.gov.cn", "640200"): _NINGXIA,
    ("opendata.nx.gov.cn", "640300"): _NINGXIA,
    ("data.ahzwfw.gov.cn", "340500"): _ANHUI,
    ("data.ahzwfw.gov.cn", "340700"): _ANHUI,
}

# Addresses that only tell two sub-sites of one page apart.
PAGES = {"https://data.guizhou.gov.cn/#529900": "https://data.guizhou.gov.cn/"}

# Where the interface is not on the host that people are sent to.
BASE_URLS = {
    "data.ahzwfw.gov.cn": "http://data.ahzwfw.gov.cn:8000",
    "data.zhoushan.gov.cn": "http://data.zhoushan.gov.cn:9966",
    "data.guizhou.gov.cn": "https://data.guizhou.gov.cn",
}

# Interfaces that one portal has to itself.
SINGLE = {
    "110000": "beijing", "120000": "tianjin", "130000": "hebei", "140500": "jincheng",
    "140800": "yuncheng", "150000": "inner-mongolia", "152200": "hinggan", "220000": "jilin",
    "310000": "shanghai", "320100": "nanjing", "320500": "suzhou", "320600": "nantong",
    "320700": "lianyungang", "320800": "huaian", "320900": "yancheng", "330100": "hangzhou",
    "330200": "ningbo", "330900": "zhoushan", "340000": "anhui", "340200": "wuhu",
    "340400": "huainan", "340600": "huaibei", "341100": "chuzhou", "341700": "chizhou",
    "350200": "xiamen", "360700": "ganzhou", "361000": "fuzhou-jx", "420100": "wuhan",
    "420200": "huangshi", "420700": "ezhou", "421200": "xianning", "430700": "changde",
    "440100": "guangzhou", "460000": "hainan", "500000": "chongqing", "510300": "zigong",
    "510700": "mianyang", "510800": "guangyuan", "511000": "neijiang", "511100": "leshan",
    "511300": "nanchong", "511900": "bazhong", "513200": "aba", "610000": "shaanxi",
}  # fmt: skip

# The list calls it unknown; its pages have the older Inspur markup.
FAMILIES = {"www.dt.gov.cn": "inspur-odweb"}

# Families whose path context differs from host to host, with the usual one.
CONTEXTS = {
    "inspur-oportal": "/oportal",
    "inspur-odweb": "/odweb",
    "hunan-webapp": "",
    "open-data-web": "/open-data-web",
    "zs-dataserver": "/web",
}
_GUANGXI = ("nn", "lz", "gl", "wz", "bh", "fcg", "qz", "gg", "yl", "bs", "hz", "hc", "lb", "cz")
HOST_CONTEXTS = {
    "data.gxzf.gov.cn": "/portal",
    **{f"{city}.data.gxzf.gov.cn": f"/{city}" for city in _GUANGXI},
    "data.jinan.gov.cn": "/jinan",
    "data.wuxi.gov.cn": "/data",
    "www.hefei.gov.cn": "/open-data-web",
    "www.bozhou.gov.cn": "/open-data-web",
}
HOST_PARAMETERS = {
    "www.scdata.net.cn": {"list_path": "/catalog/"},
    "data.chengdu.gov.cn": {"list_path": "/catalog/"},
    "data.zjzwfw.gov.cn": {"regionId": "shengji"},
    "data.luzhou.cn": {"codeId": "031435e690e74555937e3285bfceba88"},
    "data.ms.gov.cn": {"codeId": "29001fffc4854893b4b3035f930624ff"},
    "www.wlcbdata.gov.cn": {"codeId": "29001fffc4854893b4b3035f930624ff"},
}
OFFICE_CODES = {
    "440200": "37", "440400": "40", "440500": "28", "440600": "38", "440700": "47",
    "440800": "32", "440900": "31", "441200": "518", "441300": "30", "441400": "58",
    "441500": "59", "441600": "510", "441700": "511", "441800": "512", "441900": "513",
    "445100": "515", "445200": "516", "445300": "517",
}  # fmt: skip
_GUIAN = "贵安新区数据开放平台"
DIVISION_IDS = {_GUIAN: "529900"}  # Gui'an New Area has no division code; the portal gives it one

# Hosts, and one family, whose certificate did not verify.
UNVERIFIED = {
    "opendata.nx.gov.cn", "data.yibin.cn", "www.dazhoudata.cn", "www.yasdata.cn",
    "opendata.taizhou.gov.cn", "data.jingzhou.gov.cn", "guizhou-search", "data.wenzhou.gov.cn",
    "open.data.jinhua.gov.cn", "data.lishui.gov.cn", "data.jszwfw.gov.cn", "data.ms.gov.cn",
    "opendata.jian.gov.cn",
}  # fmt: skip

# Succeeded by another portal of the same government by 2026.
ARCHIVED = {"hebdata.hebyun.gov.cn", "open.nmgdata.org.cn"}

NOTES = {
    "hebdata.hebyun.gov.cn": "moved to szj.hebei.gov.cn by 2026",
    "open.nmgdata.org.cn": "succeeded by data.nmg.gov.cn by 2026",
    "data.ningbo.gov.cn": "in 2023 the interface answered at 183.134.232.54",
    "www.gzzgov.net.cn": "in 2023 the interface answered at 182.132.59.11:11180",
    "data.yibin.cn": "in 2023 at data.jjhxxhj.yibin.gov.cn",
    "pzhdata.cn": "in 2023 at data.pzhszwfw.com",
    "www.yasdata.cn": "in 2023 at www.yaandata.com",
    "data.gxj.xz.gov.cn": "wants a theme id (ssztlmId) that is not documented",
    "www.xlgldata.gov.cn": "its codeId is not documented",
    "www.dt.gov.cn": "family from its page markup; the list is HTML",
    "gddata.gd.gov.cn": "office codes: SuperJJ2333/Chinese_city_level_data_open_platform",
}

# Places in the sources that readers cannot look up, in words that stand by themselves.
UNNAMED_SOURCES = (
    (r" in the file index \(ids [\d, ]+\)", ""),
    (r" \(file ids? [\d, ]+\)", ""),
)

_CRAWLER = "String10/ChinaOpenDataPortal-Metadata/crawler/data/curl.json"


def _unlisted(code: str, government: str, url: str, family: str, **more: str) -> dict[str, str]:
    level = "province" if code.endswith("0000") else "prefecture"
    row = {"division_code": code, "level": level, "name_zh": "", "government_zh": government}
    found = {"url": url, "family": family, "source": _CRAWLER}
    return row | found | {"seen_year": "2023", "confidence": "medium"} | more


# Documented interfaces whose address the list does not hold.
UNLISTED = (
    _unlisted("120000", "天津市", "https://data.tj.gov.cn/", "single-portal"),
    _unlisted("341100", "滁州市", "https://www.chuzhou.gov.cn/data/", "single-portal"),
    _unlisted("430700", "常德市", "https://www.changde.gov.cn/cdwebsite/", "single-portal"),
    _unlisted(
        "431000",
        "郴州市",
        "https://www.czs.gov.cn/webapp/czs/dataPublic/index.jsp",
        "hunan-webapp",
    ),
    _unlisted(
        "520000",
        "贵州省",
        "https://data.guizhou.gov.cn/#529900",
        "guizhou-search",
        name_zh=_GUIAN,
    ),
)

# What tells the further sources of a division from its first, given once and for ever.
SLUGS = {
    ("open.data.tj.gov.cn", "120000"): "open",
    ("hebdata.hebyun.gov.cn", "130000"): "hebdata",
    ("open.nmgdata.org.cn", "150000"): "nmgdata",
    ("data.zhihuichuzhou.com:8007", "341100"): "zhihuichuzhou",
    ("data.fujian.gov.cn", "350100"): "fujian",
    ("data.fujian.gov.cn", "350200"): "fujian",
    ("www.yichun.gov.cn", "360900"): "www",
    ("dataops.hubei-data.com", "420000"): "dataops",
    ("jxt.hubei.gov.cn", "420000"): "jxt",
    ("www.jingzhou.gov.cn", "421000"): "www",
    ("www.hg.gov.cn", "421100"): "www",
    ("dataopen.changde.gov.cn", "430700"): "dataopen",
    ("www.czs.gov.cn", "431000"): "www",
    ("data.zhuhai.gov.cn", "440400"): "zhuhai",
    ("gddata.gd.gov.cn", "440700"): "gddata",
    ("data.zhanjiang.gov.cn", "440800"): "zhanjiang",
    ("www.maoming.gov.cn", "440900"): "maoming",
    ("www.zhaoqing.gov.cn", "441200"): "zhaoqing",
    ("data.huizhou.gov.cn", "441300"): "huizhou",
    ("www.yangjiang.gov.cn", "441700"): "yangjiang",
    ("dataopen.dg.gov.cn", "441900"): "dataopen",
    ("data.guizhou.gov.cn", "520000"): "guian",
}
