using System;

namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>An interface as clients know it.</summary>
/// <remarks>Arguments of 132 and 156; result of 128, 129 and 131.</remarks>
/// <param name="Name">Name of the link.</param>
/// <param name="HardwareAddress">Hardware address as text, or nothing where there is none.</param>
public readonly record struct InterfaceReference(string Name, string HardwareAddress) : IXdrValue<InterfaceReference>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out InterfaceReference value)
    {
        if (!reader.TryReadString(out string name) || !reader.TryReadString(out string hardwareAddress))
        {
            value = default;
            return false;
        }

        value = new(name, hardwareAddress);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Name);
        writer.WriteString(HardwareAddress);
    }

    /// <summary>Reads the octets of both texts: to look an interface up without making strings.</summary>
    public static bool TryReadOctets(ref XdrReader reader, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> hardwareAddress)
    {
        hardwareAddress = default;
        return reader.TryReadStringOctets(RpcFrame.StringMaximum, out name)
            && reader.TryReadStringOctets(RpcFrame.StringMaximum, out hardwareAddress);
    }
}

/// <summary>Arguments of 130, 133 and 134.</summary>
/// <param name="Interface">Which interface.</param>
/// <param name="Flags">For 130: 1 asks for what is configured, 0 for what is.</param>
public readonly record struct InterfaceFlagsArguments(InterfaceReference Interface, uint Flags)
    : IXdrValue<InterfaceFlagsArguments>
{
    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out InterfaceFlagsArguments value)
    {
        if (!InterfaceReference.TryRead(ref reader, out InterfaceReference reference)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(reference, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        Interface.Write(writer);
        writer.WriteUInt32(Flags);
    }
}
