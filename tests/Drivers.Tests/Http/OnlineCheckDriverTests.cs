using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Drivers.Http;
using Spindle.Drivers.Tests.Dns;
using Spindle.Drivers.Tests.Sockets;
using Spindle.Protocols.Http;

namespace Spindle.Drivers.Tests.Http;

public sealed class OnlineCheckDriverTests : SocketTest
{
    private readonly List<string> reports = [];
    private Action<OnlineCheckDriver>? reaction;

    private FakeHttpServer Serve(Func<string> response) =>
        Own(new FakeHttpServer(Loop, Local, (server, connection, _) => server.Send(connection, response())));

    private OnlineCheckDriver Check(string url, params FakeDnsServer[] servers)
    {
        Assert.True(HttpUri.TryParse(url, out HttpUri? uri));
        OnlineCheckOptions options = new() { Uri = uri, Family = IpFamily.V4 };
        OnlineCheckDriver driver = Own(new OnlineCheckDriver(Loop, Loopback, options, Note));
        driver.Servers = Array.ConvertAll(servers, server => server.Server);
        return driver;
    }

    private void Note(OnlineCheckDriver driver, in OnlineCheckOutput report)
    {
        reports.Add(report.Kind == OnlineCheckOutputKind.RequestBrowser ? report.Url : report.Kind.ToString());
        reaction?.Invoke(driver);
    }

    private string Reports(int count)
    {
        TurnUntil(() => reports.Count >= count);
        return string.Join(' ', reports);
    }

    [Fact]
    public void A_named_page_on_the_link_says_online()
    {
        FakeDnsServer dns = Own(new FakeDnsServer(Loop, (query, _) => FakeDnsServer.Respond(query, 0, false, "127.0.0.1")));
        FakeHttpServer http = Serve(() => "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\nContent-Length: 0\r\n\r\n");
        OnlineCheckDriver driver = Check($"http://status.test:{http.Port}/x", dns);
        driver.Start();
        Assert.Equal("ReportOnline", Reports(1));
        Assert.Equal(OnlineCheckState.Done, driver.State);
        Assert.NotEmpty(dns.Clients);
        Assert.Equal(1, http.Accepted);
    }

    [Fact]
    public void A_redirect_asks_for_a_browser_and_a_recheck_finds_the_way_free()
    {
        bool isLoggedIn = false;
        FakeHttpServer http = Serve(() => isLoggedIn
            ? "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n<html>"
            : "HTTP/1.1 302 Found\r\nLocation: https://portal.test/login\r\n\r\n<html>");
        OnlineCheckDriver driver = Check($"http://127.0.0.1:{http.Port}/x");
        driver.Start();
        Assert.Equal("ReportFailure https://portal.test/login", Reports(2));
        Assert.Equal("https://portal.test/login", driver.PortalUrl);
        isLoggedIn = true;
        driver.Recheck();
        Assert.Equal("ReportFailure https://portal.test/login ReportOnline", Reports(3));
    }

    [Fact]
    public void Failures_of_resolver_and_fetch_are_told_and_tried_again()
    {
        bool isThere = false;
        FakeDnsServer dns = Own(new FakeDnsServer(Loop, (query, _) => isThere
            ? FakeDnsServer.Respond(query, 0, false, "127.0.0.1")
            : FakeDnsServer.Respond(query, 3)));
        FakeHttpServer http = Serve(() => "HTTP/1.1 200 OK\r\nX-ConnMan-Status: online\r\n\r\n");
        OnlineCheckDriver driver = Check($"http://status.test:{http.Port}/x", dns);
        driver.Start();
        Assert.Equal("ReportFailure", Reports(1));
        Assert.Equal(OnlineCheckState.Waiting, driver.State);
        isThere = true;
        Assert.Equal("ReportFailure ReportOnline", Reports(2));
    }

    [Fact]
    public void Without_servers_the_failure_comes_from_the_start_itself()
    {
        OnlineCheckDriver driver = Check("http://status.test/");
        driver.Start();
        Assert.Equal("ReportFailure", string.Join(' ', reports));
        Assert.Equal(OnlineCheckState.Waiting, driver.State);
    }

    [Fact]
    public void Stopping_drops_what_is_under_way()
    {
        FakeDnsServer dns = Own(new FakeDnsServer(Loop, (_, _) => null));
        OnlineCheckDriver driver = Check("http://status.test/", dns);
        driver.Start();
        TurnUntil(() => dns.Clients.Count == 1);
        driver.Stop();
        Assert.Equal(OnlineCheckState.Idle, driver.State);

        FakeHttpServer http = Own(new FakeHttpServer(Loop, Local, (_, _, _) => { }));
        OnlineCheckDriver fetching = Check($"http://127.0.0.1:{http.Port}/");
        fetching.Start();
        TurnUntil(() => http.Requests.Count == 1);
        fetching.Stop();
        TurnUntil(() => http.Ended == 1);
        Assert.Empty(reports);
    }

    [Fact]
    public void Every_call_is_legal_while_it_reports()
    {
        int starts = 0;
        reaction = driver =>
        {
            if (starts++ < 3)
            {
                driver.Stop();
                driver.Start();
                driver.Recheck();
            }
            else
            {
                driver.Dispose();
            }
        };
        FakeHttpServer http = Serve(() => "HTTP/1.1 404 Not Found\r\n\r\n<html>");
        OnlineCheckDriver driver = Check($"http://127.0.0.1:{http.Port}/");
        driver.Start();
        Assert.Equal("ReportFailure ReportFailure ReportFailure ReportFailure", Reports(4));
        driver.Dispose();
        driver.Start();
        Exhaust();
        Assert.Equal(4, reports.Count);
    }
}
