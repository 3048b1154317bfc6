using System;

namespace Spindle.Protocols.LibvirtRpc.Admin;

/// <summary>Result of 10.</summary>
/// <param name="Parameters">Names and values.</param>
public readonly record struct AdminParametersResult(TypedParameter[] Parameters) : IXdrValue<AdminParametersResult>
{
    /// <summary>Most parameters about a client.</summary>
    public const int Maximum = 64;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminParametersResult value)
    {
        bool ok = XdrList.TryRead(ref reader, Maximum, TypedParameter.SizeMin, out TypedParameter[] parameters);
        value = ok ? new(parameters) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => XdrList.Write<TypedParameter>(writer, Parameters, Maximum);
}

/// <summary>Result of 6 and 12.</summary>
/// <param name="Parameters">Names and values.</param>
public readonly record struct AdminServerParametersResult(TypedParameter[] Parameters) : IXdrValue<AdminServerParametersResult>
{
    /// <summary>Most parameters about a server.</summary>
    public const int Maximum = 32;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminServerParametersResult value)
    {
        bool ok = XdrList.TryRead(ref reader, Maximum, TypedParameter.SizeMin, out TypedParameter[] parameters);
        value = ok ? new(parameters) : default;
        return ok;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer) => XdrList.Write<TypedParameter>(writer, Parameters, Maximum);
}

/// <summary>Arguments of 7 and 13.</summary>
/// <param name="Server">Name of the server.</param>
/// <param name="Parameters">What is to be changed.</param>
/// <param name="Flags">None is known.</param>
public readonly record struct AdminSetParametersArguments(string Server, TypedParameter[] Parameters, uint Flags)
    : IXdrValue<AdminSetParametersArguments>, IXdrFlags
{
    /// <summary>Most parameters that one call may set.</summary>
    public const int Maximum = 32;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AdminSetParametersArguments value)
    {
        if (!reader.TryReadString(out string server)
            || !XdrList.TryRead(ref reader, Maximum, TypedParameter.SizeMin, out TypedParameter[] parameters)
            || !reader.TryReadUInt32(out uint flags))
        {
            value = default;
            return false;
        }

        value = new(server, parameters, flags);
        return true;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteString(Server);
        XdrList.Write<TypedParameter>(writer, Parameters, Maximum);
        writer.WriteUInt32(Flags);
    }
}
