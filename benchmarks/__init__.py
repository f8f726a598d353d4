"""What the hub can do, each figure beside a peer or a limit in the same run (`make bench`)."""
