using System;
using System.Collections.Generic;
using Spindle.Basics;
using Spindle.Protocols.Http;

namespace Spindle.Protocols.Http.Tests;

/// <summary>Timelines of an online check. Each output is written as a short line.</summary>
public sealed class OnlineCheckTests
{
    private static readonly IpAddress Server = IpAddress.Parse("192.0.2.80");

    private static readonly HttpFetchResult Success = Status(200, true);

    private static HttpFetchResult Status(int status, bool hasStatus = false, string? location = null) =>
        new(HttpFetchOutcome.Responded, new(status, hasStatus, location));

    private static HttpUri Uri(string text)
    {
        Assert.True(HttpUri.TryParse(text, out HttpUri? uri));
        return uri;
    }

    private static OnlineCheckOptions Options(OnlineCheckMode mode = OnlineCheckMode.OneShot) =>
        new() { Uri = Uri(OnlineCheckOptions.UrlDefaultV4), Family = IpFamily.V4, Mode = mode };

    private static Instant At(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);

    private static string Step(OnlineCheck check, OnlineCheckInput input, double at = 0)
    {
        check.Step(input, At(at));
        List<string> lines = [];
        while (check.TryTake(out OnlineCheckOutput output))
        {
            lines.Add(output.Kind switch
            {
                OnlineCheckOutputKind.StartResolve => "resolve",
                OnlineCheckOutputKind.StartFetch => $"fetch {string.Join(' ', output.Addresses!)}",
                OnlineCheckOutputKind.CancelFetch => "cancel",
                OnlineCheckOutputKind.ReportOnline => "online",
                OnlineCheckOutputKind.RequestBrowser => $"browser {output.Url}",
                OnlineCheckOutputKind.ReportFailure => "failure",
                OnlineCheckOutputKind.ReportCheckFailed => "check failed",
            });
        }

        return string.Join("; ", lines);
    }

    /// <summary>A whole check that ends so; answers what came out of it.</summary>
    private static string Check(OnlineCheck check, HttpFetchResult result, double at = 0)
    {
        Assert.Equal("resolve", Step(check, check.State == OnlineCheckState.Idle ? OnlineCheckInput.Started : OnlineCheckInput.TimePassed, at));
        Assert.Equal("fetch 192.0.2.80", Step(check, OnlineCheckInput.Resolved([Server]), at));
        return Step(check, OnlineCheckInput.Fetched(result), at);
    }

    [Fact]
    public void One_shot_ends_at_the_first_success()
    {
        OnlineCheck check = new(Options());
        Assert.Equal("online", Check(check, Success));
        Assert.Equal(OnlineCheckState.Done, check.State);
        Assert.Equal(OnlineCondition.Online, check.Condition);
        Assert.Equal(Instant.Never, check.Deadline);
    }

    [Fact]
    public void No_mode_means_no_check()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.None));
        Assert.Equal("", Step(check, OnlineCheckInput.Started));
        Assert.Equal(OnlineCheckState.Done, check.State);
        Assert.Equal("", Step(check, OnlineCheckInput.RecheckRequested));
    }

    [Theory]
    [InlineData(OnlineCheckIntervalStyle.Geometric, new[] { 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 144, 144 })]
    [InlineData(OnlineCheckIntervalStyle.Fibonacci, new[] { 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 144, 144 })]
    public void Failures_are_tried_again_after_growing_delays(OnlineCheckIntervalStyle style, int[] delays)
    {
        OnlineCheck check = new(Options() with { IntervalStyle = style });
        double at = 0;
        foreach (int delay in delays)
        {
            Assert.Equal("failure", Check(check, Status(404), at));
            Assert.Equal(At(at + delay), check.Deadline);
            Assert.Equal("", Step(check, OnlineCheckInput.TimePassed, at + delay - 0.001));
            at += delay;
        }

        Assert.Equal("online", Check(check, Success, at));
    }

    [Fact]
    public void Intervals_out_of_range_are_brought_into_it()
    {
        OnlineCheck check = new(Options() with { IntervalInitial = 20, IntervalMax = 5 });
        Check(check, Status(404));
        Assert.Equal(At(25), check.Deadline);
        OnlineCheck least = new(Options() with { IntervalInitial = -3, IntervalMax = 0 });
        Check(least, Status(404));
        Assert.Equal(At(1), least.Deadline);
        Assert.Equal(OnlineCheckInterval.DelayMax, OnlineCheckInterval.DelayOf(OnlineCheckIntervalStyle.Fibonacci, int.MaxValue));
        Assert.Equal(OnlineCheckInterval.DelayMax, OnlineCheckInterval.DelayOf(OnlineCheckIntervalStyle.Geometric, int.MaxValue));
    }

    [Fact]
    public void A_name_that_does_not_resolve_is_a_failure()
    {
        OnlineCheck check = new(Options());
        Step(check, OnlineCheckInput.Started);
        Assert.Equal("failure", Step(check, OnlineCheckInput.ResolveFailed, 2));
        Assert.Equal(At(3), check.Deadline);
    }

    [Fact]
    public void A_literal_host_needs_no_resolver()
    {
        OnlineCheck check = new(Options() with { Uri = Uri("http://192.0.2.7/") });
        Assert.Equal("fetch 192.0.2.7", Step(check, OnlineCheckInput.Started));
        OnlineCheck other = new(Options() with { Uri = Uri("http://192.0.2.7/"), Family = IpFamily.V6 });
        Assert.Equal("failure", Step(other, OnlineCheckInput.Started));
        Assert.Equal(Instant.Never, other.Deadline);
    }

    [Fact]
    public void A_portal_asks_for_a_browser_once_and_is_tried_again()
    {
        OnlineCheck check = new(Options());
        HttpFetchResult redirect = Status(302, location: "https://portal.example/?token=1");
        Assert.Equal("failure; browser https://portal.example/?token=1", Check(check, redirect));
        Assert.Equal(OnlineCondition.Portal, check.Condition);
        Assert.Equal("failure", Check(check, Status(302, location: "https://portal.example/?token=2"), 1));
        Assert.Equal("https://portal.example/?token=2", check.PortalUrl);
        Assert.Equal("resolve", Step(check, OnlineCheckInput.RecheckRequested, 2));
        Step(check, OnlineCheckInput.Resolved([Server]), 2);
        Assert.Equal("online", Step(check, OnlineCheckInput.Fetched(Success), 2));
        Assert.Null(check.PortalUrl);
    }

    [Fact]
    public void A_recheck_drops_what_is_under_way_and_begins_with_small_delays()
    {
        OnlineCheck check = new(Options());
        Check(check, Status(500));
        Check(check, Status(500), 1);
        Assert.Equal("resolve", Step(check, OnlineCheckInput.TimePassed, 5));
        Assert.Equal("cancel; resolve", Step(check, OnlineCheckInput.RecheckRequested, 5.5));
        Assert.Equal("failure", Step(check, OnlineCheckInput.ResolveFailed, 6));
        Assert.Equal(At(7), check.Deadline);
    }

    [Fact]
    public void Stopping_cancels_and_a_later_start_begins_anew()
    {
        OnlineCheck check = new(Options());
        Check(check, Status(302, location: "/a"));
        Step(check, OnlineCheckInput.TimePassed, 1);
        Assert.Equal("cancel", Step(check, OnlineCheckInput.Stopped, 1.5));
        Assert.Equal(OnlineCondition.Unknown, check.Condition);
        Assert.Equal("", Step(check, OnlineCheckInput.Fetched(Success), 1.6));
        Assert.Equal("", Step(check, OnlineCheckInput.RecheckRequested, 1.7));
        Assert.Equal("", Step(check, OnlineCheckInput.TimePassed, 99));
        Assert.Equal("failure; browser http://ipv4.connman.net/b", Check(check, Status(302, location: "/b"), 100));
        Assert.Equal(At(101), check.Deadline);
    }

    [Fact]
    public void Continuous_checks_again_after_the_longest_delay()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.Continuous));
        Assert.Equal("online", Check(check, Success));
        Assert.Equal(At(144), check.Deadline);
        Assert.Equal("", Check(check, Success, 144));
        Assert.Equal(At(288), check.Deadline);
    }

    [Fact]
    public void Continuous_takes_six_failures_to_fall_and_six_successes_to_rise()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.Continuous));
        Check(check, Success);
        double at = 0;
        for (int i = 1; i <= 6; i++)
        {
            at += 144;
            Assert.Equal(i < 6 ? "failure" : "failure; check failed", Check(check, Status(404), at));
        }

        Assert.Equal(OnlineCondition.CheckFailed, check.Condition);
        for (int i = 1; i <= 6; i++)
        {
            at += i * i;
            Assert.Equal(At(at), check.Deadline);
            Assert.Equal(i < 6 ? "" : "online", Check(check, Success, at));
        }

        Assert.Equal(OnlineCondition.Online, check.Condition);
        Assert.Equal(At(at + 144), check.Deadline);
    }

    [Fact]
    public void A_success_between_failures_begins_the_count_anew()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.Continuous));
        double at = 0;
        Check(check, Success);
        for (int i = 0; i < 20; i++)
        {
            at += 144;
            Assert.Equal(i % 6 == 5 ? "" : "failure", Check(check, i % 6 == 5 ? Success : Status(503), at));
        }

        Assert.Equal(OnlineCondition.Online, check.Condition);
    }

    [Fact]
    public void A_failure_between_successes_begins_that_count_anew()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.Continuous) with { FailuresThreshold = 1, SuccessesThreshold = 2 });
        Assert.Equal("failure; check failed", Check(check, Status(404)));
        Assert.Equal("", Check(check, Success, 1));
        Assert.Equal("failure", Check(check, Status(404), 5));
        Assert.Equal("", Check(check, Success, 14));
        Assert.Equal("online", Check(check, Success, 30));
    }

    [Fact]
    public void Never_online_continuous_fails_after_six_failures_too()
    {
        OnlineCheck check = new(Options(OnlineCheckMode.Continuous));
        double at = 0;
        for (int i = 1; i <= 6; i++)
        {
            Assert.Equal(i < 6 ? "failure" : "failure; check failed", Check(check, Status(404), at));
            at += i < 6 ? i * i : 1;
            Assert.Equal(At(at), check.Deadline);
        }
    }

    [Fact]
    public void The_page_must_be_plain_http() =>
        Assert.Throws<ArgumentException>(() => new OnlineCheck(Options() with { Uri = Uri("https://a/") }));

    [Fact]
    public void States_change_as_the_table_says()
    {
        HashSet<(OnlineCheckState, OnlineCheckState)> seen = [];
        PseudoRandom random = new(1);
        string[] pages = [OnlineCheckOptions.UrlDefaultV4, "http://192.0.2.7/", "http://[2001:db8::7]/"];
        for (int round = 0; round < 2000; round++)
        {
            OnlineCheck check = new(Options((OnlineCheckMode)(round % 3)) with { Uri = Uri(pages[random.NextBelow(3)]) });
            for (double at = 0; at < 60; at += random.NextBelow(4))
            {
                OnlineCheckState before = check.State;
                Step(
                    check,
                    random.NextBelow(9) switch
                    {
                        0 or 1 => OnlineCheckInput.Started,
                        2 => OnlineCheckInput.Stopped,
                        3 => OnlineCheckInput.RecheckRequested,
                        4 => OnlineCheckInput.Resolved([Server]),
                        5 => OnlineCheckInput.ResolveFailed,
                        6 => OnlineCheckInput.Fetched(random.NextBelow(2) == 0 ? Success : Status(404)),
                        _ => OnlineCheckInput.TimePassed,
                    },
                    at);
                Assert.Equal(check.State == OnlineCheckState.Waiting, !check.Deadline.IsNever);
                if (check.State != before)
                {
                    seen.Add((before, check.State));
                }
            }
        }

        OnlineCheckState[] all = Enum.GetValues<OnlineCheckState>();
        HashSet<(OnlineCheckState, OnlineCheckState)> table =
        [
            (OnlineCheckState.Idle, OnlineCheckState.Resolving),
            (OnlineCheckState.Idle, OnlineCheckState.Fetching),
            (OnlineCheckState.Idle, OnlineCheckState.Done),
            (OnlineCheckState.Resolving, OnlineCheckState.Fetching),
            (OnlineCheckState.Resolving, OnlineCheckState.Waiting),
            (OnlineCheckState.Fetching, OnlineCheckState.Waiting),
            (OnlineCheckState.Fetching, OnlineCheckState.Done),
            (OnlineCheckState.Fetching, OnlineCheckState.Resolving),
            (OnlineCheckState.Waiting, OnlineCheckState.Resolving),
            (OnlineCheckState.Waiting, OnlineCheckState.Fetching),
            (OnlineCheckState.Done, OnlineCheckState.Resolving),
            (OnlineCheckState.Done, OnlineCheckState.Fetching),
        ];
        foreach (OnlineCheckState state in all)
        {
            if (state != OnlineCheckState.Idle)
            {
                table.Add((state, OnlineCheckState.Idle));
            }
        }

        Assert.True(table.SetEquals(seen), string.Join(' ', seen));
    }
}
