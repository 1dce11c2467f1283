"""Which files look as if they held what nobody should read: their contents are neither kept nor shown.

By name, and by what a key or a token looks like. It errs on the side of caution: what is missed by that is a line of a diff.
"""

import re

NAMES = re.compile(
    r"""(?ix)
    (^|/) (
        \.env (\.(?!example$|sample$|template$|dist$) [^/]*)? | \.envrc | \.netrc | _netrc | \.pgpass | \.npmrc | \.pypirc | \.htpasswd
        | \.git-credentials | \.dockercfg | \.docker/config\.json | \.kube/config | kubeconfig
        | \.aws/credentials | \.azure/[^/]+ | gcloud/[^/]+\.json
        | id_(rsa|dsa|ecdsa|ed25519) | [^/]*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg|ovpn)
        | [^/]*(credential|secret|password|passwd|token)s? \.(json|ya?ml|toml|ini|txt|env|xml|properties|conf|cfg)
        | service[-_]?account[^/]*\.json | master\.key | terraform\.tfstate[^/]* | [^/]*\.tfvars
    ) $
    """
)
CONTENTS = re.compile(
    rb"""(?x)
    -----BEGIN\ [A-Z ]*PRIVATE\ KEY
    | \b(AKIA|ASIA)[A-Z0-9]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{36}
    | \bgithub_pat_[A-Za-z0-9_]{22}
    | \bglpat-[A-Za-z0-9_-]{20}
    | \bxox[abposr]-[A-Za-z0-9-]{10}
    | \bsk-[A-Za-z0-9_-]{32}
    | \bAIza[A-Za-z0-9_-]{35}
    | \beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.
    """
)


def is_secret_name(path: str) -> bool:
    """Whether a file's name says that it holds secrets."""
    return NAMES.search(path) is not None


def holds_secrets(content: bytes) -> bool:
    """Whether a content has a key or a token in it."""
    return CONTENTS.search(content) is not None
