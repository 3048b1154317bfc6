namespace Spindle.Protocols.Rtnetlink;

/// <summary>What a rule does (<c>FR_ACT_*</c>).</summary>
public enum RuleAction : byte
{
    /// <summary>Looks into a table.</summary>
    ToTable = 1,

    /// <summary>Goes on at another rule.</summary>
    Goto = 2,

    /// <summary>Nothing.</summary>
    Nop = 3,

    /// <summary>Drops silently.</summary>
    Blackhole = 6,

    /// <summary>Refuses: network is unreachable.</summary>
    Unreachable = 7,

    /// <summary>Refuses: prohibited.</summary>
    Prohibit = 8,
}
