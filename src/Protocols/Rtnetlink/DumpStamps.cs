using System.Numerics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>
/// Tells, for each table, what an entry has heard since the dump that runs began. A dump and notifications overlap, and
/// which of the two saw an object later is not to be known; but a notification that is read after the dump began is
/// never older than the dump's begin, and whatever happens later brings a notification too. So for an object that
/// was notified while its table is dumped the notification counts and the dump's word does not, and an object that
/// was removed by one stays as a dead entry until the dump has ended, lest the dump brings it back.
/// </summary>
internal sealed class DumpStamps
{
    private const uint Notified = 1;
    private const uint Dead = 2;
    private const uint GenerationStep = 4;
    private const int TableCount = 5;

    private readonly uint[] generations = new uint[TableCount];

    /// <summary>The table that is being dumped.</summary>
    public RtnetlinkTables Dumping { get; private set; }

    /// <summary>A dump begins.</summary>
    public void Begin(RtnetlinkTables table)
    {
        Dumping = table;
        generations[Index(table)] += GenerationStep;
    }

    /// <summary>The dump has ended.</summary>
    public void End() => Dumping = RtnetlinkTables.None;

    /// <summary>The stamp of an entry that is seen now.</summary>
    public uint Seen(RtnetlinkTables table, bool inDump) =>
        generations[Index(table)] + (inDump ? 0 : Notified);

    /// <summary>The stamp of an entry that a notification removes now.</summary>
    public uint Removed(RtnetlinkTables table) => generations[Index(table)] + Notified + Dead;

    /// <summary>True if what the running dump says of this entry does not count.</summary>
    public bool IsNotified(RtnetlinkTables table, uint stamp) =>
        (stamp & Notified) != 0 && IsCurrent(table, stamp);

    /// <summary>True if the dump that ended, or a notification meanwhile, saw it.</summary>
    public bool IsCurrent(RtnetlinkTables table, uint stamp) =>
        stamp - (stamp % GenerationStep) == generations[Index(table)];

    /// <summary>True if it is only kept so that the dump does not bring it back.</summary>
    public static bool IsDead(uint stamp) => (stamp & Dead) != 0;

    private static int Index(RtnetlinkTables table) => BitOperations.TrailingZeroCount((uint)table);
}
