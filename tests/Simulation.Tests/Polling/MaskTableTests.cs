using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>What each object says of itself in each of its states, to epoll, poll and select, on the model and on the running kernel.</summary>
[Collection("running kernel")]
public sealed class MaskTableTests
{
    [Fact]
    public void Pipe_to_read() => ScriptRun.Expect("""
        pipe p; mask p.r -> epoll=0 poll=0 select=...
        write p.w 1; mask p.r -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        close p.w; mask p.r -> epoll=IN|HUP|RDNORM poll=IN|HUP|RDNORM select=r..
        read p.r 1; mask p.r -> epoll=HUP poll=HUP select=r..
        mkfifo f; open r f ro; mask r -> epoll=0 poll=0 select=...
        open w f wo; close w; mask r -> epoll=HUP poll=HUP select=r..
        open x f wo; mask r -> epoll=0 poll=0 select=...
        """);

    [Fact]
    public void Pipe_to_write() => ScriptRun.Expect("""
        pipe p; pipesz p.w 4096; mask p.w -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        write p.w 4096; mask p.w -> epoll=0 poll=0 select=...
        close p.r; mask p.w -> epoll=ERR poll=ERR select=rw.
        pipe q; close q.r; mask q.w -> epoll=OUT|ERR|WRNORM poll=OUT|ERR|WRNORM select=rw.
        """);

    [Fact]
    public void Eventfd() => ScriptRun.Expect("""
        eventfd v; mask v -> epoll=OUT poll=OUT select=.w.
        evwrite v 1; mask v -> epoll=IN|OUT poll=IN|OUT select=rw.
        evwrite v 18446744073709551612; mask v -> epoll=IN|OUT poll=IN|OUT select=rw.
        evwrite v 1; mask v -> epoll=IN poll=IN select=r..
        """);

    [Fact]
    public void Timerfd() => ScriptRun.Expect("""
        timerfd t; mask t -> epoll=0 poll=0 select=...
        tset t past; mask t -> epoll=IN poll=IN select=r..
        evread t; mask t -> epoll=0 poll=0 select=...
        """);

    [Fact]
    public void Signalfd() => ScriptRun.Expect("""
        signalfd s; mask s -> epoll=0 poll=0 select=...
        raise; mask s -> epoll=IN poll=IN select=r..
        """);

    [Fact]
    public void Inotify() => ScriptRun.Expect("""
        inotify i; mask i -> epoll=0 poll=0 select=...
        touch i; mask i -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        """);

    [Fact]
    public void Pidfd() => ScriptRun.Expect("""
        pidfd p; mask p -> epoll=0 poll=0 select=...
        kill p; mask p -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        reap p; mask p -> epoll=IN|HUP|RDNORM poll=IN|HUP|RDNORM select=r..
        """);

    [Fact]
    public void Unix_stream() => ScriptRun.Expect("""
        usock k; mask k -> epoll=OUT|HUP|WRNORM|WRBAND poll=OUT|HUP|WRNORM|WRBAND select=rw.
        ubind k n; listen k 2; mask k -> epoll=0 poll=0 select=...
        usock l; uconnect l n; mask k -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        mask l -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        accept a k; mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        write l 3; mask a -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        shutdown l WR; mask a -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        mask l -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        close l; mask a -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        """);

    [Fact]
    public void Unix_stream_shut_and_reset() => ScriptRun.Expect("""
        upair u; shutdown u.0 RD; mask u.0 -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        mask u.1 -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        upair w; shutdown w.0 RDWR; mask w.0 -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        mask w.1 -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        upair x; write x.0 5; close x.1; mask x.0 -> epoll=IN|OUT|ERR|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|ERR|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        soerror x.0 -> ECONNRESET
        mask x.0 -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        upair o; oob o.0; mask o.1 -> epoll=IN|PRI|OUT|RDNORM|WRNORM|WRBAND poll=IN|PRI|OUT|RDNORM|WRNORM|WRBAND select=rwx
        """);

    [Fact]
    public void Unix_sequenced_and_datagrams() => ScriptRun.Expect("""
        useq q; mask q.0 -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        write q.0 3; mask q.1 -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        close q.0; mask q.1 -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        udgram d; mask d.0 -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        write d.0 3; mask d.1 -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        close d.0; mask d.1 -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        """);

    [Fact]
    public void Unix_datagrams_to_a_full_queue() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        uconnect a n; uconnect b n; fill b 1; mask a -> epoll=0 poll=0 select=...
        mask r -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        usock c dgram; mask c -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        usendto c n 1 -> EAGAIN
        shutdown r RD; mask a -> epoll=0 poll=0 select=...
        mask r -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        read r 1; mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        close r; mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        udgram u; fill u.0 1; mask u.0 -> epoll=0 poll=0 select=...
        shutdown b RDWR; mask b -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        """);

    [Fact]
    public void TCP_before_it_is_connected() => ScriptRun.Expect("""
        tsock c; mask c -> epoll=OUT|HUP|WRNORM poll=OUT|HUP|WRNORM select=rw.
        tbind c; listen c 2; mask c -> epoll=0 poll=0 select=...
        tsock d; tconnect d c; mask c -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        mask d -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        tsock r; tsock g; tbind g; tconnect r g; mask r -> epoll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP select=rw.
        soerror r -> ECONNREFUSED
        mask r -> epoll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP select=rw.
        """);

    [Fact]
    public void TCP_and_the_ends_of_streams() => ScriptRun.Expect("""
        tpair t; mask t.c -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        write t.c 3; mask t.s -> epoll=IN|OUT|RDNORM|WRNORM poll=IN|OUT|RDNORM|WRNORM select=rw.
        shutdown t.c WR; mask t.c -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        mask t.s -> epoll=IN|OUT|RDNORM|WRNORM|RDHUP poll=IN|OUT|RDNORM|WRNORM|RDHUP select=rw.
        shutdown t.s WR; mask t.c -> epoll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP select=rw.
        mask t.s -> epoll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP select=rw.
        tpair u; shutdown u.c RD; mask u.c -> epoll=IN|OUT|RDNORM|WRNORM|RDHUP poll=IN|OUT|RDNORM|WRNORM|RDHUP select=rw.
        """);

    [Fact]
    public void TCP_reset_and_urgent() => ScriptRun.Expect("""
        tpair t; rst t.c; mask t.s -> epoll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP select=rw.
        soerror t.s -> ECONNRESET
        mask t.s -> epoll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|RDHUP select=rw.
        tpair u; shutdown u.c WR; write u.s 3; rst u.c; mask u.s -> epoll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP poll=IN|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP select=rw.
        soerror u.s -> EPIPE
        tpair w; oob w.c; mask w.s -> epoll=PRI|OUT|WRNORM poll=PRI|OUT|WRNORM select=.wx
        rcvoob w.s; mask w.s -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        """);

    [Fact]
    public void TCP_urgent_octet_that_is_refused_is_never_read_past() => ScriptRun.Expect("""
        tpair t; write t.s 10; shutdown t.c RDWR; oob t.s
        mask t.c -> epoll=IN|PRI|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP poll=IN|PRI|OUT|ERR|HUP|RDNORM|WRNORM|RDHUP select=rwx
        read t.c 100 -> 10
        read t.c 100 -> ECONNRESET
        mask t.c -> epoll=IN|PRI|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|PRI|OUT|HUP|RDNORM|WRNORM|RDHUP select=rwx
        read t.c 100 -> EOF
        rcvoob t.c -> ENOTCONN
        mask t.c -> epoll=IN|PRI|OUT|HUP|RDNORM|WRNORM|RDHUP poll=IN|PRI|OUT|HUP|RDNORM|WRNORM|RDHUP select=rwx
        """);

    [Fact]
    public void UDP() => ScriptRun.Expect("""
        udp a; udp b; mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        sendto a b 3; mask b -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        tconnect a b; close b; write a 1; mask a -> epoll=OUT|ERR|WRNORM|WRBAND poll=OUT|ERR|WRNORM|WRBAND select=rw.
        soerror a -> ECONNREFUSED
        mask a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        shutdown a RD; mask a -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        shutdown a RDWR; mask a -> epoll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP poll=IN|OUT|HUP|RDNORM|WRNORM|WRBAND|RDHUP select=rw.
        """);

    [Fact]
    public void Netlink() => ScriptRun.Expect("""
        nlpair n; mask n.a -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        nlsend n; mask n.a -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        nlsend n; nlsend n; nlsend n; mask n.a -> epoll=IN|OUT|ERR|RDNORM|WRNORM|WRBAND poll=IN|OUT|ERR|RDNORM|WRNORM|WRBAND select=rw.
        soerror n.a -> ENOBUFS
        mask n.a -> epoll=IN|OUT|RDNORM|WRNORM|WRBAND poll=IN|OUT|RDNORM|WRNORM|WRBAND select=rw.
        mask n.b -> epoll=OUT|WRNORM|WRBAND poll=OUT|WRNORM|WRBAND select=.w.
        """);

    [Fact]
    public void Epoll() => ScriptRun.Expect("""
        epoll e; mask e -> epoll=0 poll=0 select=...
        eventfd v 1; add e v IN; mask e -> epoll=IN|RDNORM poll=IN|RDNORM select=r..
        evread v; mask e -> epoll=0 poll=0 select=...
        """);

    [Fact]
    public void Files_without_poll() => ScriptRun.Expect("""
        open r regular rw; mask r -> epoll=EPERM poll=IN|OUT|RDNORM|WRNORM select=rw.
        open d dir ro; mask d -> epoll=EPERM poll=IN|OUT|RDNORM|WRNORM select=rw.
        open n null rw; mask n -> epoll=EPERM poll=IN|OUT|RDNORM|WRNORM select=rw.
        mask #1 -> epoll=EPERM poll=IN|OUT|RDNORM|WRNORM select=rw.
        """);
}
