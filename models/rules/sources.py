"""Where the rules come from: the vendor's pages by title and section."""

BGP_PAGE = "VPN Gateway, Configure BGP dynamic routing (2025-04-29)"


def section(title: str) -> str:
    """A section of the page on which most rules rest."""
    return f"{BGP_PAGE}: {title}"


SUPPORT = section("Support for BGP dynamic routing")
ADVERTISING = section("How BGP dynamic routes are advertised")
LIMITS = section("Limits on BGP dynamic routing")
RECOMMENDATION = section("Recommendation on BGP dynamic routing configuration")
PROCEDURE = section("Procedure")
VIEW = section("View BGP routes")
ROUTE_TABLES = "VPC, Route tables: route priority and conflicts between routes"
AVOID_VBR = "Express Connect, Scenarios in which you need to avoid attaching VBRs to CEN"
VBR_BGP = "Express Connect, Configure and manage BGP"
CUSTOMER_GATEWAY = "VPN Gateway, Create and manage a customer gateway (2026-05-13)"
ROUTE_OVERVIEW = "VPN Gateway, VPN gateway route overview; VPN Gateway, Diagnose a VPN gateway"
SILENCE = "No page mentions iBGP between cloud and site; two examples of the Terraform provider configure it"
