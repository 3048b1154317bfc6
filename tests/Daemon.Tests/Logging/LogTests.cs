using System;
using Spindle.Daemon.Logging;

namespace Spindle.Daemon.Tests.Logging;

public sealed class LogTests
{
    private readonly RecordingSink sink = new();

    [Fact]
    public void Levels_reach_the_sink()
    {
        Log log = new(sink);
        log.Error("a");
        log.Warning("b");
        log.Information("c");
        Assert.Equal(["Error a", "Warning b", "Information c"], sink.Lines);
    }

    [Fact]
    public void Debug_is_off_unless_asked_for_and_its_text_is_not_built()
    {
        Log log = new(sink);
        log.Debug("dhcp", $"{Bomb()}");
        log.Debug("dhcp", "text");
        Assert.Empty(sink.Lines);
        static string Bomb() => throw new InvalidOperationException("built");
    }

    [Fact]
    public void Globs_choose_the_areas_of_debug()
    {
        Log log = new(sink, isDebug: true, ["dhcp*", "net"]);
        log.Debug("dhcp4", $"one {1}");
        log.Debug("network", "two");
        log.Debug("net", "three");
        Assert.Equal(["Debug dhcp4: one 1", "Debug net: three"], sink.Lines);
    }

    [Fact]
    public void Without_globs_all_areas_are_debugged()
    {
        Log log = new(sink, isDebug: true);
        log.Debug("x", $"{255:x2} {"y"}");
        Assert.Equal(["Debug x: ff y"], sink.Lines);
    }

    [Fact]
    public void Once_is_once_for_a_key_until_it_is_forgotten()
    {
        Log log = new(sink);
        Assert.True(log.Once("a"));
        Assert.False(log.Once("a"));
        Assert.True(log.Once("b"));
        Assert.True(log.Forget("a"));
        Assert.False(log.Forget("a"));
        Assert.True(log.Once("a"));
    }

    [Fact]
    public void Once_remembers_no_more_keys_than_it_may()
    {
        Log log = new(sink);
        int said = 0;
        for (int i = 0; i < Log.OnceMax * 2; i++)
        {
            said += log.Once($"{i}") ? 1 : 0;
        }

        Assert.Equal(Log.OnceMax, said);
    }

    [Fact]
    public void A_message_stays_one_line_whatever_is_in_it()
    {
        new Log(sink).Information("a\nb\u001b[31m\tc");
        Assert.Equal(["Information a?b?[31m?c"], sink.Lines);
    }

    [Fact]
    public void A_long_line_is_cut_and_no_character_in_half()
    {
        new Log(sink).Information(new string('ä', 5000));
        string line = Assert.Single(sink.Lines);
        Assert.Equal("Information " + new string('ä', (LogSink.LineMax - 13) / 2), line);
    }

    [Fact]
    public void Lost_lines_are_counted_and_said_when_there_is_room_again()
    {
        Log log = new(sink);
        sink.IsFull = true;
        log.Error("a");
        log.Error("b");
        sink.IsFull = false;
        log.Error("c");
        log.Error("d");
        Assert.Equal(["Warning 2 log lines were lost", "Error c", "Error d"], sink.Lines);
        Assert.Equal(2, log.Dropped);
    }
}
