using System;
using System.Collections.Generic;

namespace Spindle.Loop.Tests;

/// <summary>A custom source that answers what it is told, and writes down what it is asked.</summary>
internal sealed class ToldSource(EventLoop loop, List<string> trace, int priority = Priority.Default, string name = "")
    : CustomSource(loop, priority, name)
{
    public bool IsPrepared { get; set; }

    public bool IsChecked { get; set; }

    public bool IsKept { get; set; } = true;

    public TimeSpan? Timeout { get; set; }

    /// <summary>True: questions are written down too, not dispatches alone.</summary>
    public bool TellsQuestions { get; init; }

    public int Dispatched { get; private set; }

    public Action? WhenPreparing { get; set; }

    public Action? WhenChecking { get; set; }

    public Action? WhenDispatched { get; set; }

    public Action? WhenRemoved { get; set; }

    protected override bool Prepare(out TimeSpan? timeout)
    {
        Tell('?');
        timeout = Timeout;
        WhenPreparing?.Invoke();
        return IsPrepared;
    }

    protected override bool Check()
    {
        Tell('!');
        WhenChecking?.Invoke();
        return IsChecked;
    }

    protected override bool Dispatch()
    {
        Dispatched++;
        trace.Add(Name);
        WhenDispatched?.Invoke();
        return IsKept;
    }

    protected override void Removed() => WhenRemoved?.Invoke();

    private void Tell(char mark)
    {
        if (TellsQuestions)
        {
            trace.Add($"{Name}{mark}");
        }
    }
}
