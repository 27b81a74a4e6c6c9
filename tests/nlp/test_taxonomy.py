"""The taxonomy file: complete, unambiguous, and refused in one sentence when it is not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlp.records import TRACKS
from nlp.taxonomy import TAXONOMY_PATH, TaxonomyError, load_taxonomy

# The names the policy gives, each with a track it must map to (two where the file must say why).
POLICY_NAMES = {
    "manufacturing": """intelligent manufacturing; biological manufacturing; nano-manufacturing; laser manufacturing; circular
        manufacturing; intelligent control; intelligent sensing; industrial simulation; flexible manufacturing; shared
        manufacturing; industrial internet; industrial metaverse; humanoid robots""",
    "information": """next-generation mobile communication; 6G; satellite internet; quantum information; quantum computing; photonic
        computing; brain-like intelligence; swarm intelligence; large models; intelligent computing centres;
        third-generation internet; new display technologies; next-generation operating systems; blockchain;
        intelligent connected vehicles; metaverse gateways""",
    "materials": """advanced non-ferrous metals; advanced chemicals; advanced inorganic non-metals; high-performance carbon fibre;
        advanced semiconductors; superconductors""",
    "energy": """nuclear energy; nuclear fusion; hydrogen energy; biomass energy; crystalline silicon solar cells; thin-film
        solar cells; new energy storage; energy electronics""",
    "space": """manned spacecraft; lunar and Mars exploration; satellite navigation; near-space unmanned systems; advanced
        high-efficiency aircraft; eVTOL; deep-sea submersibles; deep-sea operation equipment; deep-sea search and
        rescue detection; deep-sea unmanned platforms; deep-earth resource exploration; urban underground space; polar
        exploration; deep-sea mining; ultra-high-speed trains; green intelligent ships; unmanned boats""",
    "health": """cell technology; gene technology; synthetic biology; biological breeding; AI-enabled medical services;
        high-end medical equipment; medical digital twins; brain-computer interfaces; elderly-friendly medical
        terminals""",
}
PRODUCTS = """humanoid robots; quantum computers; new displays; brain-computer interfaces; 6G network equipment;
    ultra-large-scale intelligent computing centres; third-generation internet; high-end cultural and tourism equipment;
    advanced efficient aviation equipment; deep resource exploration and development equipment"""


def _split(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(";")]


def test_every_policy_name_maps_to_its_track_and_has_a_chinese_key() -> None:
    taxonomy = load_taxonomy()
    names = taxonomy.names_by_key(str.casefold)
    entries = {entry.name: entry for entry in taxonomy.policy_entries()}
    for track, wanted in POLICY_NAMES.items():
        for name in _split(wanted):
            canonical, zh = names[name.casefold()]
            assert track in entries[canonical].tracks, name
            assert any("\u4e00" <= character <= "\u9fff" for character in zh), name


def test_ten_landmark_products_carry_their_components() -> None:
    taxonomy = load_taxonomy()
    assert [entry.name for entry in taxonomy.entries if entry.group == "product"] == _split(PRODUCTS)
    components = Counter(entry.product for entry in taxonomy.entries if entry.group == "component")
    assert all(components[product] >= 3 for product in _split(PRODUCTS))
    assert ("electronic skin", "humanoid robots") in {(entry.name, entry.product) for entry in taxonomy.entries}


def test_names_by_key_leaves_out_our_own_reading_lexicon_and_reads_chinese() -> None:
    names = load_taxonomy().names_by_key(str.casefold)
    assert names["脑机接口"] == ("brain-computer interfaces", "脑机接口")
    assert names["电动垂直起降"] == names["air taxi"] == ("eVTOL", "电动垂直起降航空器")
    assert "graphene" not in names


def test_each_track_has_a_definition_and_dozens_of_reading_words() -> None:
    taxonomy = load_taxonomy()
    assert [definition.track for definition in taxonomy.tracks] == list(TRACKS)
    for track in TRACKS:
        assert sum(track in entry.tracks and entry.group == "lexicon" for entry in taxonomy.entries) >= 30


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda raw: raw["names"][0].pop("zh"), "has no Chinese name"),
        (lambda raw: raw["names"][0].update(tracks=["robotics"]), "must name one or more of the tracks"),
        (lambda raw: raw["names"][0].update(tracks=["health", "space"]), "does not say why"),
        (lambda raw: raw["names"][0].update(alias=["x"]), "unknown field 'alias'"),
        (lambda raw: raw["names"][0]["en"].append("blockchain"), "belongs to both"),
        (lambda raw: raw["tracks"].pop(), "must define exactly"),
        (lambda raw: raw.pop("known_from"), "lacks known_from"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(change, sentence: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    raw = yaml.safe_load(TAXONOMY_PATH.read_text(encoding="utf-8"))
    change(raw)
    path = tmp_path / "tracks.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(TaxonomyError, match=sentence) as caught:
        load_taxonomy(path)
    assert "\n" not in str(caught.value)


def test_a_missing_or_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="cannot be read"):
        load_taxonomy(tmp_path / "absent.yaml")
    (tmp_path / "broken.yaml").write_text("names: [", encoding="utf-8")
    with pytest.raises(TaxonomyError, match="not valid YAML"):
        load_taxonomy(tmp_path / "broken.yaml")


def test_the_digest_follows_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "tracks.yaml"
    path.write_bytes(TAXONOMY_PATH.read_bytes() + b"# one more line\n")
    assert load_taxonomy(path).digest != load_taxonomy().digest
