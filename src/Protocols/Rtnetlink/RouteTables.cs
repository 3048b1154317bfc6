namespace Spindle.Protocols.Rtnetlink;

/// <summary>Numbers of routing tables (<c>RT_TABLE_*</c>).</summary>
public static class RouteTables
{
    /// <summary>The default table: empty unless somebody fills it.</summary>
    public const uint Default = 253;

    /// <summary>The main table.</summary>
    public const uint Main = 254;

    /// <summary>The kernel's table of local and broadcast addresses.</summary>
    public const uint Local = 255;
}
