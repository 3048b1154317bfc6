namespace Spindle.Protocols.LibvirtRpc;

/// <summary>Arguments that end in flags.</summary>
public interface IXdrFlags
{
    /// <summary>Bits.</summary>
    uint Flags { get; }
}
