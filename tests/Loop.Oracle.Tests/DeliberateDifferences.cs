using System.Collections.Generic;

namespace Spindle.Loop.Oracle.Tests;

/// <summary>Where we differ from GLib on purpose: what, why, and a scenario that shows it. The random scenarios keep away
/// from these.</summary>
public static class DeliberateDifferences
{
    /// <summary>What a test needs to show one.</summary>
    public sealed record Difference(string What, string Why, string Scenario, string OnGlib, string Ours);

    public static IReadOnlyList<Difference> All { get; } =
    [
        new(
            "Timers go in the order of their deadlines",
            "A heap gives them so at no cost, and it is what one expects; GLib goes over its sources and takes their order of attachment.",
            """
            source late timer 0
            source soon timer 0
            attach late
            attach soon
            due late 9
            due soon 1
            turn
            """,
            "1 late, 1 soon, 1: yes",
            "1 soon, 1 late, 1: yes"),
        new(
            "Due timers go before everything else of their priority",
            "They are late already.",
            """
            source a idle 0
            source t timer 0
            attach a
            attach t
            due t 1
            turn
            """,
            "1 a, 1 t, 1: yes",
            "1 t, 1 a, 1: yes"),
        new(
            "A timer that was disarmed is not called, whatever was seen before",
            "Who disarms a timer does not expect it; GLib remembers that the ready time had come. (Custom sources keep GLib's rule.)",
            """
            pair p
            source f fd -10 p in
            source t timer 0
            on f 1 due t never
            on f 1 drain p
            attach f
            attach t
            due t 1
            write p
            turn
            turn
            """,
            "1 f in, 1: yes, 2 t, 2: yes",
            "1 f in, 1: yes, 2: no"),
        new(
            "A descriptor without interest is left alone, hang-ups included",
            "Whoever is not interested would spin: poll(2) cannot be told to leave out a hang-up, but epoll can be told to forget the descriptor.",
            """
            pair p
            source a fd 0 p none
            attach a
            hangup p
            turn
            """,
            "1 a hup, 1: yes",
            "1: no"),
        new(
            "An interest taken back earlier in the turn is honoured",
            "The callback would be told of what nobody wants to hear any more.",
            """
            pair p
            source a idle 0
            source b fd 0 p in
            on a 1 interest b out
            on a 1 stuff p
            attach a
            attach b
            write p
            turn
            """,
            "1 a, 1 b in, 1: yes",
            "1 a, 1: yes"),
        new(
            "What was found is told, even if the priority was changed meanwhile",
            "The callback is called because of it. GLib registers the descriptor anew and forgets what it found.",
            """
            pair p
            source a idle 0
            source b fd 0 p in
            on a 1 priority b 0
            attach a
            attach b
            write p
            turn
            """,
            "1 a, 1 b, 1: yes",
            "1 a, 1 b in, 1: yes"),
        new(
            "What was found is told, even if it was looked for in an earlier turn",
            "As above: GLib asks again and calls again, but tells the newer answer.",
            """
            pair p
            source a fd 0 p in
            attach a
            write p
            pending
            drain p
            turn
            """,
            "1: pending, 2 a, 2: yes",
            "1: pending, 2 a in, 2: yes"),
        new(
            "Posts are one source, which came to the loop first",
            "One queue and one wake-up for all of them, without an allocation; GLib makes an idle source of each, behind all that is there.",
            """
            source a idle 0
            source x post 0
            attach a
            post x
            turn
            """,
            "1 a, 1 x, 1: yes",
            "1 x, 1 a, 1: yes"),
        new(
            "A post is seen by the wait, not by prepare",
            "Its eventfd tells of it, so that a turn takes no lock to look; sources of a worse priority may be asked for nothing.",
            """
            calls
            source c custom 10
            source x post 0
            attach c
            post x
            turn
            """,
            "1 x, 1: yes",
            "1 prepare c, 1 x, 1: yes"),
        new(
            "That a source may recurse counts from the moment it is said",
            "GLib blocks the source when its callback begins, and looks no more.",
            """
            source a idle 0
            on a 1 recursive a
            on a 1 recurse
            attach a
            turn
            """,
            "1 a, 1.1: no, 1: yes",
            "1 a, 1.1 a, 1.1: yes, 1: yes"),
        new(
            "A source can have a rate limit",
            "A peer that floods a daemon must not take all its time: the source goes off-line until the interval is over, and the others "
            + "go on. GLib leaves that to its users; sd-event has it, and ours is like that one.",
            """
            pair p
            source a fd 0 p in
            attach a
            limit a 2
            write p
            turn
            turn
            turn
            """,
            "1 a in, 1: yes, 2 a in, 2: yes, 3 a in, 3: yes",
            "1 a in, 1: yes, 2 a in, 2: yes, 3: no"),
        new(
            "A descriptor can be told of by its edges",
            "epoll can do so (EPOLLET), and who drains a descriptor or tries first saves a system call an event; poll(2), and so GLib, "
            + "tells what is so and not what has changed.",
            """
            pair p
            source a fd 0 p in
            trigger a edge
            attach a
            write p
            turn
            turn
            drain p
            write p
            turn
            """,
            "1 a in, 1: yes, 2 a in, 2: yes, 3 a in, 3: yes",
            "1 a in, 1: yes, 2: no, 3 a in, 3: yes"),
        new(
            "A descriptor can be told of once, until it is armed anew",
            "epoll can do so (EPOLLONESHOT): whoever hands a descriptor on, to a worker for instance, hears of it again when it wants to, "
            + "and not in between.",
            """
            pair p
            source a fd 0 p in
            trigger a oneshot
            attach a
            write p
            turn
            turn
            rearm a
            turn
            """,
            "1 a in, 1: yes, 2 a in, 2: yes, 3 a in, 3: yes",
            "1 a in, 1: yes, 2: no, 3 a in, 3: yes"),
        new(
            "An exclusive descriptor has one source",
            "EPOLLEXCLUSIVE wakes one of several loops that watch one file, which GLib's poll(2) cannot: all wake. The kernel lets no such "
            + "entry be changed, so a second source of the same descriptor, in the same loop, is refused.",
            """
            pair p
            source a fd 0 p in
            source b fd 0 p in
            trigger a exclusive
            attach a
            attach b
            write p
            turn
            """,
            "1 a in, 1 b in, 1: yes",
            "refused b, 1 a in, 1: yes"),
        new(
            "A descriptor that was closed is forgotten",
            "epoll forgets a file with its last descriptor. poll(2) reports POLLNVAL for the number, and GLib calls its source in every turn, "
            + "for nothing.",
            """
            pair p
            source a fd 0 p in
            attach a
            write p
            close p
            turn
            """,
            "1 a, 1: yes",
            "1: no"),
    ];
}
