"""Words by which a text betrays how far a technology has come, per stage, in English and Chinese."""

from __future__ import annotations

import re

from scoring.records import STAGES, Stage

VOCABULARY: dict[Stage, tuple[str, ...]] = {
    "incubation": (
        "proof of concept", "proof of principle", "proof-of-concept", "proof-of-principle", "laboratory scale",
        "laboratory-scale", "lab scale", "lab-scale", "bench scale", "bench-scale", "bench-top", "benchtop",
        "theoretical prediction", "first principles", "feasibility study", "first demonstration",
        "exploratory research", "early-stage research", "basic research",
        "概念验证", "原理验证", "原理样机", "实验室阶段", "实验室规模", "实验室验证", "基础研究", "前沿探索",
        "理论预测", "可行性研究",
    ),
    "early industrialisation": (
        "pilot line", "pilot lines", "pilot plant", "pilot plants", "pilot scale", "pilot-scale",
        "pilot production", "pilot project", "prototype", "prototypes", "demonstrator", "demonstration plant",
        "demonstration project", "field trial", "field trials", "field test", "pre-commercial", "precommercial",
        "engineering sample", "engineering samples", "engineering validation", "small batch", "small-batch",
        "low-rate production", "trial production", "seed round", "seed funding", "series A", "spin-off",
        "中试", "中试线", "试点", "示范工程", "示范项目", "示范线", "样机", "工程样机", "工程样品", "工程验证",
        "小批量", "小试", "试生产", "试制", "首台套", "首台", "天使轮",
    ),
    "scaling": (
        "mass production", "mass-production", "mass produced", "mass-produced", "volume production",
        "series production", "high-volume manufacturing", "volume manufacturing", "production ramp", "ramp up",
        "ramp-up", "ramping up", "gigafactory", "gigafactories", "commercial launch", "commercially launched",
        "commercial deployment", "commercially deployed", "commercial operation", "commercialization",
        "commercialisation", "commercialized", "commercialised", "large-scale deployment", "large scale deployment",
        "large-scale production", "production capacity", "rollout", "roll-out", "supply agreement",
        "量产", "规模化生产", "规模化", "批量生产", "批量交付", "产能", "扩产", "商业化", "商用", "商业运营",
        "大规模部署", "规模部署", "产业化", "投产", "上市销售",
    ),
    "mature": (
        "industry standard", "industry-standard", "international standard", "de facto standard", "widely deployed",
        "widely adopted", "widely used", "in widespread use", "mainstream", "commodity", "commoditized",
        "commoditised", "off-the-shelf", "off the shelf", "mature technology", "established technology",
        "well-established", "replacement market",
        "行业标准", "国家标准", "国际标准", "成熟技术", "技术成熟", "广泛应用", "广泛使用", "主流", "普及",
        "标准化", "存量市场",
    ),
    "declining": (
        "phase out", "phase-out", "phased out", "phasing out", "obsolete", "obsolescence", "discontinued",
        "discontinuation", "end of production", "end of support", "superseded", "outdated", "legacy technology",
        "legacy system", "legacy systems", "plant closure", "market exit", "no longer produced",
        "no longer supported", "shutting down production",
        "淘汰", "停产", "退市", "过时", "被取代", "逐步退出", "退出市场", "停止生产", "停止支持", "关停",
    ),
}  # fmt: skip


_STAGE_OF: dict[str, int] = {cue.lower(): index for index, stage in enumerate(STAGES) for cue in VOCABULARY[stage]}


def _compile() -> re.Pattern[str]:
    """Longer cues first: of two that begin at the same place the longer is meant. English ones stand as whole words."""
    cues = sorted(_STAGE_OF, key=lambda cue: (-len(cue), cue))
    english = "|".join(re.escape(cue) for cue in cues if cue.isascii())
    chinese = "|".join(re.escape(cue) for cue in cues if not cue.isascii())
    return re.compile(rf"\b(?:{english})\b|{chinese}")


_PATTERN = _compile()


def count_cues(text: str) -> tuple[int, int, int, int, int]:
    """Count the maturity words of each stage, in the order of STAGES.

    Of overlapping ones the first counts, of those the longest: 小批量生产 is no 批量生产.
    """
    counts = [0, 0, 0, 0, 0]
    for found in _PATTERN.findall(text.lower()):
        counts[_STAGE_OF[found]] += 1
    first, second, third, fourth, fifth = counts
    return first, second, third, fourth, fifth
