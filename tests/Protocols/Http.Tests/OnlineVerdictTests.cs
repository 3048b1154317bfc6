using System;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

public sealed class OnlineVerdictTests
{
    private const string Page = "http://ipv4.connman.net/online/status.html";

    private static OnlineVerdict Of(HttpFetchResult result)
    {
        Assert.True(HttpUri.TryParse(Page, out HttpUri? uri));
        return OnlineVerdict.Of(uri, result);
    }

    private static OnlineVerdict Of(int status, bool hasStatus = false, string? location = null) =>
        Of(new HttpFetchResult(HttpFetchOutcome.Responded, new(status, hasStatus, location)));

    [Fact]
    public void Every_status_has_a_verdict()
    {
        for (int status = 0; status <= 999; status++)
        {
            OnlineVerdictKind expected = status switch
            {
                200 or 505 or 511 => OnlineVerdictKind.Portal,
                >= 300 and <= 309 => OnlineVerdictKind.Portal,
                _ => OnlineVerdictKind.Failure,
            };
            Assert.Equal(expected, Of(status).Kind);
            Assert.Equal(expected == OnlineVerdictKind.Portal ? Page : "", Of(status).PortalUrl);
            Assert.Equal(status == 200 ? OnlineVerdictKind.Online : expected, Of(status, hasStatus: true).Kind);
        }
    }

    [Theory]
    [InlineData(301, "https://portal.example/login", "https://portal.example/login")]
    [InlineData(302, "/login", "http://ipv4.connman.net/login")]
    [InlineData(303, "http://10.0.0.1:8080/", "http://10.0.0.1:8080/")]
    [InlineData(307, "javascript:alert(1)", Page)]
    [InlineData(308, "", Page)]
    [InlineData(200, "https://portal.example/", Page)]
    public void A_redirect_shows_where_it_leads(int status, string location, string expected) =>
        Assert.Equal(new OnlineVerdict(OnlineVerdictKind.Portal, expected), Of(status, location: location));

    [Fact]
    public void Every_outcome_has_a_verdict()
    {
        foreach (HttpFetchOutcome outcome in Enum.GetValues<HttpFetchOutcome>())
        {
            OnlineVerdictKind expected = outcome switch
            {
                HttpFetchOutcome.NoStatus => OnlineVerdictKind.Portal,
                _ => OnlineVerdictKind.Failure,
            };
            Assert.Equal(expected, Of(new HttpFetchResult(outcome)).Kind);
        }
    }
}
