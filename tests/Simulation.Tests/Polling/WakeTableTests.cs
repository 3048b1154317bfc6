using Spindle.Simulation.Scripts;

namespace Spindle.Simulation.Polling;

/// <summary>What each operation wakes: row after row, played on the model and on the running kernel.</summary>
[Collection("running kernel")]
public sealed class WakeTableTests
{
    [Fact]
    public void A_pipe_write_wakes_readers_if_it_was_empty_or_polled_and_even_if_it_fails() => ScriptRun.Expect("""
        pipe p; pipesz p.w 4096; epoll e; add e p.r IN|RDNORM|ET; write p.w 0; wait e 4 -> []
        write p.w 4096; wait e 4 -> [p.r:IN|RDNORM]
        write p.w 1; wait e 4 -> [p.r:IN|RDNORM]
        write p.w 0; wait e 4 -> []
        """);

    [Fact]
    public void A_pipe_read_wakes_writers_if_it_frees_a_slot_of_a_full_ring() => ScriptRun.Expect("""
        pipe p; pipesz p.w 8192; epoll e; write p.w 8192; add e p.w OUT|WRNORM|ET; wait e 4 -> []
        read p.r 100; wait e 4 -> []
        read p.r 3996; wait e 4 -> [p.w:OUT|WRNORM]
        read p.r 1; wait e 4 -> []
        """);

    [Fact]
    public void The_last_reader_or_writer_wakes_the_other_side() => ScriptRun.Expect("""
        pipe p; pipe q; epoll e; add e p.r IN|ET; add e q.w OUT|ET; wait e 4 -> [q.w:OUT]
        close p.w; wait e 4 -> [p.r:HUP]
        close q.r; wait e 4 -> [q.w:OUT|ERR]
        """);

    [Fact]
    public void The_first_to_open_a_FIFO_wakes_readers_and_not_writers() => ScriptRun.Expect("""
        mkfifo f; epoll e; open r f ro; add e r IN|ET; open w f wo; add e w OUT|ET; wait e 4 -> [w:OUT]
        close w; wait e 4 -> [r:HUP]
        open x f wo; wait e 4 -> []
        add e x OUT|ET; wait e 4 -> [x:OUT]
        close r; wait e 4 -> [x:OUT|ERR]
        open s f ro; wait e 4 -> []
        mask x -> epoll=OUT|WRNORM poll=OUT|WRNORM select=.w.
        """);

    [Fact]
    public void An_eventfd_wakes_at_each_success_and_not_at_a_failure() => ScriptRun.Expect("""
        eventfd v; epoll e; add e v IN|OUT|ET; wait e 4 -> [v:OUT]
        evwrite v 0; wait e 4 -> [v:OUT]
        evwrite v 1; wait e 4 -> [v:IN|OUT]
        evread v; wait e 4 -> [v:OUT]
        evread v; wait e 4 -> []
        evwrite v max; wait e 4 -> [v:IN]
        evwrite v 1; wait e 4 -> []
        """);

    [Fact]
    public void A_timer_wakes_when_it_goes_off_and_a_periodic_one_once_until_it_is_read() => ScriptRun.Expect("""
        timerfd t; epoll e; add e t IN|ET; tset t 3 4; sleep 20; wait e 4 -> [t:IN]
        sleep 20; wait e 4 -> []
        tset t 0; wait e 4 -> []
        tset t past; wait e 4 -> [t:IN]
        """);

    [Fact]
    public void A_signal_wakes_unless_it_is_pending_already() => ScriptRun.Expect("""
        signalfd s; epoll e; add e s IN|ET; wait e 4 -> []
        raise; wait e 4 -> [s:IN]
        raise; wait e 4 -> []
        sfread s; raise; wait e 4 -> [s:IN]
        """);

    [Fact]
    public void A_message_of_unix_sockets_wakes_per_message_with_all_bits_of_data() => ScriptRun.Expect("""
        upair u; epoll e; add e u.0 IN|ET as in; add e u.1 PRI|RDBAND|ET as band; dup d u.0; add e d RDBAND|ET as rdband; wait e 4 -> []
        write u.1 1; wait e 4 -> [in:IN]
        write u.1 1; wait e 4 -> [in:IN]
        """);

    [Fact]
    public void A_consumed_message_wakes_its_sender_if_a_quarter_is_used_at_most() => ScriptRun.Expect("""
        upair u; epoll e; add e u.0 OUT|ET; wait e 4 -> [u.0:OUT]
        write u.0 10; wait e 4 -> []
        read u.1 5; wait e 4 -> []
        read u.1 5; wait e 4 -> [u.0:OUT]
        """);

    [Fact]
    public void shutdown_of_unix_sockets_wakes_both_ends() => ScriptRun.Expect("""
        upair u; epoll e; add e u.0 IN|RDHUP|ET; add e u.1 IN|RDHUP|ET; wait e 4 -> []
        shutdown u.0 WR; wait e 4 -> [u.1:IN|RDHUP]
        shutdown u.0 RD; wait e 4 -> [u.0:IN|HUP|RDHUP u.1:IN|HUP|RDHUP]
        """);

    [Fact]
    public void close_of_a_unix_socket_wakes_the_other_and_loses_what_was_unread() => ScriptRun.Expect("""
        upair u; upair w; epoll e; add e u.0 IN|RDHUP|ET; add e w.0 IN|RDHUP|ET; write w.0 3; wait e 4 -> []
        close u.1; wait e 4 -> [u.0:IN|HUP|RDHUP]
        close w.1; wait e 4 -> [w.0:IN|ERR|HUP|RDHUP]
        soerror w.0 -> ECONNRESET
        """);

    [Fact]
    public void A_connection_of_unix_sockets_wakes_the_listener_each_time() => ScriptRun.Expect("""
        usock l; ubind l name; listen l 5; epoll e; add e l IN|ET; wait e 4 -> []
        usock a; uconnect a name; wait e 4 -> [l:IN]
        usock b; uconnect b name; wait e 4 -> [l:IN]
        accept c l; wait e 4 -> []
        """);

    [Fact]
    public void A_datagram_of_unix_sockets_wakes_receiver_and_its_reading_the_sender() => ScriptRun.Expect("""
        udgram d; epoll e; add e d.0 OUT|ET; add e d.1 IN|ET; wait e 4 -> [d.0:OUT]
        write d.0 9; wait e 4 -> [d.1:IN]
        read d.1 9; wait e 4 -> [d.0:OUT]
        """);

    [Fact]
    public void Data_over_TCP_wakes_from_the_low_water_mark_on() => ScriptRun.Expect("""
        tpair t; epoll e; rcvlowat t.s 10; add e t.s IN|ET; write t.c 5; wait e 4 -> []
        write t.c 5; wait e 4 -> [t.s:IN]
        rcvlowat t.s 1; wait e 4 -> [t.s:IN]
        """);

    [Fact]
    public void An_urgent_octet_counts_for_the_wake_of_a_low_water_mark_before_it_counts_for_what_is_readable() => ScriptRun.Expect("""
        tpair t; epoll e; add e t.s IN|PRI|ET; oob t.c; wait e 4 -> [t.s:PRI]
        rcvlowat t.s 3; write t.c 1; wait e 4 -> []
        write t.c 1; wait e 4 -> [t.s:PRI]
        write t.c 1; wait e 4 -> [t.s:IN|PRI]
        rcvlowat t.s 5; wait e 4 -> []
        rcvlowat t.s 4; wait e 4 -> [t.s:PRI]
        rcvlowat t.s 3; wait e 4 -> [t.s:IN|PRI]
        """);

    [Fact]
    public void The_end_of_a_TCP_stream_and_ones_own_shutdown_wake() => ScriptRun.Expect("""
        tpair t; epoll e; add e t.s IN|OUT|RDHUP|ET; add e t.c IN|OUT|RDHUP|ET; wait e 4 -> [t.s:OUT t.c:OUT]
        shutdown t.c WR; wait e 4 -> [t.s:IN|OUT|RDHUP t.c:OUT]
        shutdown t.s WR; wait e 4 -> [t.c:IN|OUT|HUP|RDHUP t.s:IN|OUT|HUP|RDHUP]
        """);

    [Fact]
    public void RST_wakes_with_error() => ScriptRun.Expect("""
        tpair t; epoll e; add e t.s IN|ET; rst t.c; wait e 4 -> [t.s:IN|ERR|HUP]
        soerror t.s -> ECONNRESET
        wait e 4 -> []
        """);

    [Fact]
    public void RST_after_the_end_is_a_broken_pipe() => ScriptRun.Expect("""
        tpair t; shutdown t.c WR; epoll e; add e t.s IN|ET; wait e 4 -> [t.s:IN]
        write t.s 5; rst t.c; wait e 4 -> [t.s:IN|ERR|HUP]
        soerror t.s -> EPIPE
        """);

    [Fact]
    public void Room_to_write_over_TCP_wakes_who_had_none() => ScriptRun.Expect("""
        tpair t; epoll e; add e t.c OUT|ET; wait e 4 -> [t.c:OUT]
        write t.c 10; read t.s 10; wait e 4 -> []
        fill t.c 200000; wait e 4 -> []
        drain t.s; wait e 4 -> [t.c:OUT]
        """);

    [Fact]
    public void A_TCP_listener_wakes_for_each_connection_and_the_client_when_connected() => ScriptRun.Expect("""
        tsock l; tbind l; listen l 5; epoll e; add e l IN|ET; tsock a; add e a OUT|ET; wait e 4 -> [a:OUT|HUP]
        tconnect a l; wait e 4 -> [a:OUT l:IN]
        tsock b; tconnect b l; wait e 4 -> [l:IN]
        accept c l; wait e 4 -> []
        """);

    [Fact]
    public void UDP_wakes_receiver_sender_and_whoever_is_refused() => ScriptRun.Expect("""
        udp a; udp b; epoll e; add e a OUT|ET; add e b IN|ET; wait e 4 -> [a:OUT]
        sendto a b 5; wait e 4 -> [a:OUT b:IN]
        tconnect a b; close b; write a 1; wait e 4 -> [a:OUT|ERR]
        soerror a -> ECONNREFUSED
        """);

    [Fact]
    public void Netlink_wakes_for_messages_and_once_for_an_overrun() => ScriptRun.Expect("""
        nlpair n; epoll e; add e n.a IN|ET; nlsend n; wait e 4 -> [n.a:IN]
        nlsend n; wait e 4 -> [n.a:IN]
        nlsend n; wait e 4 -> [n.a:IN|ERR]
        nlsend n; wait e 4 -> []
        soerror n.a -> ENOBUFS
        """);

    [Fact]
    public void An_event_of_inotify_wakes() => ScriptRun.Expect("""
        inotify i; epoll e; add e i IN|ET; wait e 4 -> []
        touch i; wait e 4 -> [i:IN]
        touch i; wait e 4 -> []
        read i 1000; touch i; wait e 4 -> [i:IN]
        """);

    [Fact]
    public void The_end_of_a_child_and_its_reaping_wake() => ScriptRun.Expect("""
        pidfd p; epoll e; add e p IN|RDNORM|ET; wait e 4 -> []
        kill p; wait e 4 -> [p:IN|RDNORM]
        reap p; wait e 4 -> [p:IN|HUP|RDNORM]
        """);

    [Fact]
    public void An_epoll_wakes_who_watches_it() => ScriptRun.Expect("""
        eventfd v; epoll i; epoll o; add o i IN|ET; wait o 4 -> []
        add i v IN|ET; wait o 4 -> []
        evwrite v 1; wait o 4 -> [i:IN]
        evwrite v 1; wait o 4 -> [i:IN]
        mod i v IN; wait o 4 -> []
        """);

    [Fact]
    public void Small_writes_share_a_page_of_a_pipe_that_has_no_room_left_for_poll() => ScriptRun.Expect("""
        pipe p; pipesz p.w 4096; write p.w 10; poll p.w:OUT -> 0 0
        write p.w 4086 -> 4086
        write p.w 1 -> EAGAIN
        pipe q; pipesz q.w 8192; write q.w 100; write q.w 4100 -> 4100
        write q.w 3993 -> EAGAIN
        """);

    [Fact]
    public void A_read_that_frees_no_slot_of_a_full_pipe_wakes_no_writer() => ScriptRun.Expect("""
        pipe p; pipesz p.w 4096; epoll e; eventfd v; write p.w 4096; add e p.w OUT|ET; add e v IN|ET
        read p.r 100; evwrite v 1; read p.r 3996; wait e 4 -> [v:IN p.w:OUT]
        """);

    [Fact]
    public void A_FIFOs_first_writer_wakes_its_readers_though_they_find_nothing() => ScriptRun.Expect("""
        mkfifo f; epoll e; eventfd v; open r f ro; open w f wo; add e r IN|ET; add e v IN|ET; close w; wait e 4 -> [r:HUP]
        open x f wo; evwrite v 1; write x 1; wait e 4 -> [r:IN v:IN]
        open y f wo; wait e 4 -> []
        """);

    [Fact]
    public void Setting_a_timer_takes_what_it_has_told_back_and_wakes_nobody() => ScriptRun.Expect("""
        epoll e; timerfd t; eventfd v; add e t IN|ET; add e v IN|ET; tset t 0; evwrite v 1; tset t past; wait e 4 -> [v:IN t:IN]
        tset t past; tset t 0; wait e 4 -> []
        evread t -> EAGAIN
        """);

    [Fact]
    public void An_eventfd_wakes_with_nothing_but_IN_or_OUT() => ScriptRun.Expect("""
        epoll e; eventfd v; add e v OUT|RDNORM|ET; wait e 4 -> [v:OUT]
        evwrite v 1; wait e 4 -> []
        evread v; wait e 4 -> [v:OUT]
        """);

    [Fact]
    public void A_message_of_unix_sockets_wakes_who_waits_for_bands_and_priority_too() => ScriptRun.Expect("""
        epoll e; upair u; useq q; add e u.0 OUT|RDBAND|ET; add e q.0 OUT|PRI|ET; wait e 4 -> [u.0:OUT q.0:OUT]
        write u.1 1; wait e 4 -> [u.0:OUT]
        write q.1 1; wait e 4 -> [q.0:OUT]
        """);

    [Fact]
    public void A_consumed_message_does_not_wake_its_sender_while_more_than_a_quarter_is_used() => ScriptRun.Expect("""
        upair u; epoll e; write u.1 1; add e u.0 IN|OUT|ET; write u.0 1000; write u.0 30000; wait e 4 -> [u.0:IN|OUT]
        write u.0 70000; read u.1 1000; wait e 4 -> []
        read u.1 1000000; wait e 4 -> [u.0:IN|OUT]
        upair w; write w.0 30000; poll w.0:OUT -> 1 OUT
        write w.0 40000; poll w.0:OUT -> 0 0
        """);

    [Fact]
    public void A_read_of_a_full_queue_wakes_the_senders_that_wait_for_room_the_latest_first() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; uconnect a n; uconnect b n; epoll e; add e a OUT|ET; add e b OUT|ET; wait e 4 -> [a:OUT b:OUT]
        fill a 1; wait e 4 -> []
        write b 1 -> EAGAIN
        wait e 4 -> []
        read r 1; wait e 4 -> [b:OUT a:OUT]
        read r 1; wait e 4 -> [a:OUT]
        """);

    [Fact]
    public void A_full_queue_wakes_nobody_who_did_not_ask_for_room_there() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; uconnect a n; uconnect b n; fill a 1; epoll e; add e b IN|ET; wait e 4 -> []
        read r 1; mod e b OUT|ET; wait e 4 -> [b:OUT]
        write a 1; mod e b OUT|ET; wait e 4 -> []
        read r 1; wait e 4 -> [b:OUT]
        """);

    [Fact]
    public void Closing_a_full_receiver_wakes_senders_and_shutting_it_does_not() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; uconnect a n; uconnect b n; fill a 1; epoll e; add e b OUT; wait e 4 -> []
        shutdown r RD; wait e 4 -> []
        write b 1 -> EPIPE
        close r; wait e 4 -> [b:OUT]
        write b 1 -> ECONNREFUSED
        write b 1 -> ENOTCONN
        """);

    [Fact]
    public void Connecting_a_datagram_socket_elsewhere_wakes_it_and_fails_the_peer_it_leaves_with_unread_messages() => ScriptRun.Expect("""
        udgram u; usock r dgram; ubind r n; write u.1 1; epoll e; add e u.1 OUT|ET; add e u.0 OUT|ET; wait e 4 -> [u.1:OUT u.0:OUT]
        uconnect u.0 n; wait e 4 -> [u.0:OUT u.1:OUT|ERR]
        write u.1 1 -> ECONNRESET
        write u.1 1 -> EPERM
        read u.0 1 -> EAGAIN
        """);

    [Fact]
    public void An_ICMP_error_wakes_who_waits_for_nothing_else() => ScriptRun.Expect("""
        udp a; udp b; epoll e; tconnect a b; close b; add e a PRI|ET; wait e 4 -> []
        write a 1; wait e 4 -> [a:ERR]
        """);
}
