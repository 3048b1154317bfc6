namespace Spindle.Simulation.Scripts;

/// <summary>The notation's corners: what is wrong is told before anything is played, and what is right works on both kernels.</summary>
[Collection("running kernel")]
public sealed class NotationTests
{
    [Theory]
    [InlineData("chain c 0")]
    [InlineData("chain c -1")]
    [InlineData("pipe p\nread p.r -1")]
    [InlineData("eventfd v\nselect v q")]
    [InlineData("eventfd v 1 foo")]
    [InlineData("eventfd v foo")]
    [InlineData("epoll e\nspawn P wait e 4")]
    [InlineData("pipe p\nspawn P read p.r x")]
    [InlineData("upair u\nshutdown u.0 BOTH")]
    [InlineData("timerfd t\ntset t soon")]
    [InlineData("open x regular rx")]
    [InlineData("epoll e\neventfd v\nadd e v IN\nwaitheld e 0 4 del e v")]
    [InlineData("epoll e\neventfd v\nadd e v IN\nwaitheld e 0 4 evwrite w 1")]
    [InlineData("epoll e\neventfd v\nadd e v IN\nwaitheld e 0 4 evwrite v 1 +")]
    [InlineData("epoll e\neventfd v\nadd e v IN\nwaitheld e 0 65 evwrite v 1")]
    [InlineData("epoll e\neventfd v\nlate 10 wait e 4")]
    [InlineData("eventfd v\nlate 501 evwrite v 1")]
    public void What_makes_no_sense_is_told_with_its_line_before_anything_is_played(string script)
    {
        ScriptException wrong = Assert.Throws<ScriptException>(() => ScriptParser.Parse(script));
        Assert.Equal(script.Split('\n').Length, wrong.Line);
    }

    [Fact]
    public void A_thread_that_waits_no_time_is_done() => ScriptRun.Expect("""
        epoll e; eventfd v; spawn P wait e 4 0 -> []
        spawn Q poll v IN 0 -> 0 0
        state P Q -> P=[] Q=0 0
        """);

    [Fact]
    public void A_wait_that_nothing_can_end_says_so_and_one_that_a_timer_ends_does_not() => ScriptRun.Expect("""
        epoll e; wait e 4 -1 -> waits for ever
        timerfd t; add e t IN; tset t 20; wait e 4 -1 -> [t:IN]
        """);

    [Fact]
    public void Nothing_is_played_meanwhile_by_a_wait_that_does_not_get_so_far() => ScriptRun.Expect("""
        epoll e; eventfd v 1; add e v IN|ET; waitheld e 1 4 evwrite v 1 -> [v:IN]
        waitheld e 0 4 evwrite v 1 -> []
        waitheld #77 0 4 evwrite v 1 -> EBADF
        waitheld v 0 4 evwrite v 1 -> EINVAL
        wait e 4 -> []
        """);

    [Fact]
    public void A_timer_may_be_set_to_the_end_of_time_but_not_to_a_negative_period() => ScriptRun.Expect("""
        timerfd t; tset t 9223372036854775807 -> 0
        tset t 5 -1 -> EINVAL
        tset #77 5 -1 -> EINVAL
        tset #77 5 -> EBADF
        """);

    [Fact]
    public void The_first_three_descriptors_are_dev_null() => ScriptRun.Expect("""
        mask #0 -> epoll=EPERM poll=IN|OUT|RDNORM|WRNORM select=rw.
        write #1 5 -> 5
        read #2 5 -> EOF
        close #1; eventfd v; fdnum v -> 1
        """);

    [Fact]
    public void Netlink_sockets_send_to_each_other_and_not_to_the_kernel() => ScriptRun.Expect("""
        nlpair n; write n.b 3 -> ECONNREFUSED
        write n.b 0 -> ENODATA
        sendto n.b n.a 3 -> 3
        read n.a 9 -> 3
        tconnect n.b n.a; write n.b 5 -> 5
        read n.a 9 -> 5
        """);

    [Fact]
    public void A_connection_that_both_sides_have_ended_is_no_connection() => ScriptRun.Expect("""
        tpair t; shutdown t.s WR; shutdown t.c RDWR; shutdown t.s RD -> ENOTCONN
        tpair u; shutdown u.c WR; close u.s; shutdown u.c RD -> ENOTCONN
        tsock d; shutdown d RD; listen d 3; shutdown d RDWR; mask d -> epoll=OUT|HUP|WRNORM poll=OUT|HUP|WRNORM select=rw.
        """);

    [Fact]
    public void Urgent_octets_over_TCP_are_read_past_and_over_UDP_ordinary() => ScriptRun.Expect("""
        udp a; udp b; rcvoob b -> EAGAIN
        sendto a b 5; rcvoob b -> 1
        tpair t; oob t.c; write t.c 1; oob t.c; read t.s 100 -> 1
        """);

    [Fact]
    public void An_urgent_octet_over_TCP_is_gone_with_a_reset_and_outlives_the_end_of_the_stream() => ScriptRun.Expect("""
        tpair r; shutdown r.c RDWR; oob r.s; rcvoob r.c -> ENOTCONN
        tpair f; oob f.s; shutdown f.s WR; shutdown f.c RDWR; rcvoob f.c -> 1
        rcvoob f.c -> EINVAL
        """);

    [Fact]
    public void An_urgent_octet_that_was_taken_and_not_read_past_is_lost_by_who_closes() => ScriptRun.Expect("""
        epoll e; tpair t; add e t.s IN|ET; oob t.s; rcvoob t.c; close t.c; wait e 4 -> [t.s:IN|ERR|HUP]
        tpair p; add e p.s IN|ET; oob p.s; read p.c 5; close p.c; wait e 4 -> [p.s:IN]
        """);

    [Fact]
    public void A_buffer_of_less_than_nothing_is_the_greatest() => ScriptRun.Expect("""
        upair u; sndbuf u.0 0 -> 4608
        upair w; sndbuf w.0 -1; sndbuf w.0 4194304; pipe p; touch p.r -> EINVAL
        touch #77 -> EINVAL
        """);
}
