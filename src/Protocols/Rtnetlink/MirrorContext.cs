using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>What the parts of the mirror share.</summary>
internal sealed class MirrorContext
{
    /// <summary>Most outputs of one message: a route with 256 nexthops that takes the place of another one.</summary>
    private const int OutputsMax = 1024;

    /// <summary>What is to be told, in order.</summary>
    public BoundedQueue<RtnetlinkOutput> Outputs { get; } = new(OutputsMax);

    /// <summary>Which entries the running dump has seen.</summary>
    public DumpStamps Stamps { get; } = new();

    /// <summary>What has happened.</summary>
    public RtnetlinkCounters Counters { get; } = new();

    /// <summary>Tables that changed in a way that notifications do not tell: they are to be dumped.</summary>
    public RtnetlinkTables Suspects { get; set; }

    /// <summary>Tells something.</summary>
    public void Tell(in RtnetlinkOutput output)
    {
        if (!Outputs.TryEnqueue(output))
        {
            throw new System.InvalidOperationException("Outputs must be taken after every step.");
        }
    }
}
