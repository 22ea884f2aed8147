"""What a VRM says of itself, and how it looks. The defaults give nothing away that its author did not."""

from __future__ import annotations

import attrs

from axis_core.plugin import one_of, option


__all__ = ["LICENSE_URL", "Options", "meta_of"]

LICENSE_URL = "https://vrm.dev/licenses/1.0/"


@attrs.frozen(kw_only=True)
class Options:
    """Meta, licence and look."""

    title: str = option("", "name of the avatar; empty for the file's")
    version: str = option("1.0", "version of the avatar")
    author: str = option("unknown", "who made it")
    contact: str = option("", "how to reach the author")
    copyright: str = option("", "the copyright line")
    avatar_permission: str = option(
        "onlyAuthor",
        "who may perform with it",
        validator=one_of("onlyAuthor", "onlySeparatelyLicensedPerson", "everyone"),
    )
    commercial_usage: str = option(
        "personalNonProfit",
        "what commerce is allowed",
        validator=one_of("personalNonProfit", "personalProfit", "corporation"),
    )
    credit: str = option("required", "whether the author must be named", validator=one_of("required", "unnecessary"))
    modification: str = option(
        "prohibited",
        "whether it may be changed",
        validator=one_of("prohibited", "allowModification", "allowModificationRedistribution"),
    )
    redistribution: bool = option(False, "whether it may be passed on")
    violent: bool = option(False, "whether excessively violent use is allowed")
    sexual: bool = option(False, "whether excessively sexual use is allowed")
    political: bool = option(False, "whether political or religious use is allowed")
    antisocial: bool = option(False, "whether antisocial or hateful use is allowed")
    look: str = option("pbr", "material of the surfaces", validator=one_of("pbr", "mtoon"))
    springs: bool = option(True, "let hair, tails, ears and skirts swing where they have joints")


def meta_of(options: Options, name: str) -> dict[str, object]:
    """Return VRMC_vrm's ``meta``."""
    out: dict[str, object] = {
        "name": options.title or name,
        "version": options.version,
        "authors": [options.author or "unknown"],
        "licenseUrl": LICENSE_URL,
        "avatarPermission": options.avatar_permission,
        "allowExcessivelyViolentUsage": options.violent,
        "allowExcessivelySexualUsage": options.sexual,
        "commercialUsage": options.commercial_usage,
        "allowPoliticalOrReligiousUsage": options.political,
        "allowAntisocialOrHateUsage": options.antisocial,
        "creditNotation": options.credit,
        "allowRedistribution": options.redistribution,
        "modification": options.modification,
    }
    if options.contact:
        out["contactInformation"] = options.contact
    if options.copyright:
        out["copyrightInformation"] = options.copyright
    return out
