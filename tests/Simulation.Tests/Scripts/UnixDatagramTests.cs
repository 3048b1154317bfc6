namespace Spindle.Simulation.Scripts;

/// <summary>Unix datagram sockets with names: who reaches whom, on both kernels.</summary>
[Collection("running kernel")]
public sealed class UnixDatagramTests
{
    [Fact]
    public void Eleven_messages_fit_into_a_queue_from_whoever() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; uconnect a n; write a 1; write a 1; write a 1; write a 1; write a 1; write a 1
        usendto b n 1; usendto b n 1; usendto b n 1; usendto b n 1; usendto b n 1 -> 1
        usendto b n 1 -> EAGAIN
        write a 1 -> EAGAIN
        read r 9; sendto b r 1 -> 1
        """);

    [Fact]
    public void A_pair_and_who_sends_to_itself_have_no_limit_but_the_buffer() => ScriptRun.Expect("""
        udgram u; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1; write u.0 1
        write u.0 1; write u.0 1 -> 1
        usock s dgram; ubind s n; fill s -> ENOTCONN
        usendto s n 1; tconnect s s; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1; write s 1 -> 1
        """);

    [Fact]
    public void A_connected_receiver_takes_messages_from_its_peer_alone() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; ubind a m; usock b dgram; uconnect b n; tconnect r a
        write b 1 -> EPERM
        usendto b n 1 -> EPERM
        uconnect b n -> EPERM
        usendto a n 1 -> 1
        udisconnect r; write b 1 -> 1
        """);

    [Fact]
    public void A_name_of_another_type_is_not_there_or_the_wrong_type() => ScriptRun.Expect("""
        usock l; ubind l n; usock p; ubind p /p; usock d dgram; uconnect d n -> ECONNREFUSED
        ubind d n; uconnect d /p -> EPROTOTYPE
        usendto d /p 1 -> EPROTOTYPE
        uconnect d /none -> ENOENT
        usendto d none 1 -> ECONNREFUSED
        close p; uconnect d /p -> ECONNREFUSED
        usock q dgram; ubind q /p -> EADDRINUSE
        unlink /p; ubind q /p; usendto d /p 1 -> 1
        """);

    [Fact]
    public void A_message_tells_the_name_that_its_sender_has_when_it_is_read() => ScriptRun.Expect("""
        usock r dgram; ubind r n; usock a dgram; usock b dgram; ubind b b; usock c dgram; usendto a n 1; usendto b n 2; usendto c n 3; ubind c /c; close b
        recvfrom r 9 -> 1 from -
        recvfrom r 9 -> 2 from b
        recvfrom r 9 -> 3 from /c
        recvfrom r 9 -> EAGAIN
        """);

    [Fact]
    public void A_stream_tells_the_names_of_its_ends_too() => ScriptRun.Expect("""
        usock l; ubind l /l; listen l 3; usock c; ubind c c; uconnect c /l; accept a l; write a 1; write c 2
        recvfrom c 9 -> 1 from /l
        recvfrom a 9 -> 2 from c
        udisconnect c -> EINVAL
        """);
}
