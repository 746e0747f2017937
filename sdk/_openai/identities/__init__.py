"""Who calls: identities of clouds and of workloads, for `Client(auth=...)`. The public module `auth` names them."""
