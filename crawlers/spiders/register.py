"""Which spider crawls which source."""

from __future__ import annotations

from crawlers.spiders.arxiv_api import ArxivApiSpider
from crawlers.spiders.arxiv_oai import ArxivOaiSpider
from crawlers.spiders.biorxiv import BiorxivSpider
from crawlers.spiders.crossref import CrossrefSpider
from crawlers.spiders.epo_ops import EpoOpsSpider
from crawlers.spiders.europepmc import EuropePmcSpider
from crawlers.spiders.feeds import FeedsSpider
from crawlers.spiders.gdelt import GdeltSpider
from crawlers.spiders.hackernews import HackerNewsSpider
from crawlers.spiders.landing_spider import LandingSpider
from crawlers.spiders.lens import LensSpider
from crawlers.spiders.ministries import MinistriesSpider
from crawlers.spiders.openalex import OpenAlexSpider
from crawlers.spiders.pubmed import PubmedSpider
from crawlers.spiders.semanticscholar import SemanticScholarSpider
from crawlers.spiders.sitemaps import SitemapsSpider
from crawlers.spiders.uspto_odp import UsptoOdpSpider
from crawlers.spiders.uspto_xml import UsptoXmlSpider

SPIDERS: dict[str, type[LandingSpider]] = {
    "arxiv_oai": ArxivOaiSpider,
    "pubmed": PubmedSpider,
    "biorxiv": BiorxivSpider,
    "crossref": CrossrefSpider,
    "europepmc": EuropePmcSpider,
    "europepmc_patents": EuropePmcSpider,
    "arxiv_api": ArxivApiSpider,
    "epo_ops": EpoOpsSpider,
    "uspto_odp": UsptoOdpSpider,
    "uspto_xml": UsptoXmlSpider,
    "openalex": OpenAlexSpider,
    "semanticscholar": SemanticScholarSpider,
    "lens": LensSpider,
    "feeds": FeedsSpider,
    "gdelt": GdeltSpider,
    "hackernews": HackerNewsSpider,
    "sitemaps": SitemapsSpider,
    "ministries": MinistriesSpider,
}
