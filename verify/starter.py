"""`verify new`: a scenario to start from, with a word on every part of it."""

from __future__ import annotations

STARTER = """\
// A hybrid network: one VPC, one VPN gateway, one data centre.
// Check it with: verify FILE
{
  "version": 1,
  "name": "starter",
  "description": "One VPC that a dual-tunnel VPN gateway connects to one data centre by BGP.",

  // Alibaba Cloud. Every object has an id; other objects refer to it by that id.
  "vpcs": [{
    "id": "vpc-1",
    "vswitches": [{"id": "vsw-1", "cidr": "172.16.0.0/24"}]
  }],
  "vpn_gateways": [{
    "id": "vgw-1", "vpc": "vpc-1",
    "auto_advertise": true            // off by default: then BGP routes reach neither the VPC nor the site
  }],

  // The devices at the other end, and the tunnels to them.
  "customer_gateways": [
    {"id": "cgw-1", "ip_address": "203.0.113.10", "asn": 65001, "data_center": "dc-1"},
    {"id": "cgw-2", "ip_address": "203.0.113.11", "asn": 65001, "data_center": "dc-1"}
  ],
  "ipsec_connections": [{
    "id": "vco-1", "vpn_gateway": "vgw-1", "bgp_enabled": true,
    "tunnels": [                      // the first is the master, the second the slave
      {"customer_gateway": "cgw-1", "tunnel_cidr": "169.254.10.0/30", "local_bgp_ip": "169.254.10.1"},
      {"customer_gateway": "cgw-2", "tunnel_cidr": "169.254.11.0/30", "local_bgp_ip": "169.254.11.1"}
    ]
  }],

  // The customer's side.
  "data_centers": [{
    "id": "dc-1",
    "prefixes": ["10.0.0.0/16"],
    "readvertises": "any"             // not decided yet: the proof covers both answers
  }],

  // Undocumented behaviour of the platform is open too; pin what you know. See: verify explain
  "assume": {},

  // What you expect. With it, the exit status says whether the result is as expected.
  "expect": {
    "documented-rules": "proved",
    "no-routing-loops": "proved",
    "no-route-flapping": "proved"
  }
}
"""
