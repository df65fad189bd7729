"""What the wire tests share: the messages, certificates, processes, the fourteen cases, a raw HTTP/2 peer."""
