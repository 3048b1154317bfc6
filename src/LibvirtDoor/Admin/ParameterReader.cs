using System;
using Spindle.Protocols.LibvirtRpc;

namespace Spindle.LibvirtDoor.Admin;

/// <summary>Numbers that virt-admin sets, by their names, with libvirt's complaints about them.</summary>
internal static class ParameterReader
{
    private const RpcErrorCode ArgumentUnsupported = (RpcErrorCode)74; // VIR_ERR_ARGUMENT_UNSUPPORTED

    /// <summary>Takes what is given of these names, in the order of the names; null: not given.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public static RpcError? TryTake(ReadOnlySpan<TypedParameter> parameters, ReadOnlySpan<string> names, Span<uint?> values)
    {
        foreach (ref readonly TypedParameter parameter in parameters)
        {
            int index = names.IndexOf(parameter.Field);
            if (index < 0)
            {
                return RpcError.Formatted(
                    ArgumentUnsupported, RpcErrorDomain.None, "argument unsupported: %s", $"parameter '{parameter.Field}' not supported");
            }

            if (values[index] is not null)
            {
                return RpcError.InvalidArgument(RpcErrorDomain.None, $"parameter '{parameter.Field}' occurs multiple times");
            }

            if (parameter.UInt32 is not uint value)
            {
                return RpcError.InvalidArgument(
                    RpcErrorDomain.None, $"invalid type '{NameOf(parameter.Type)}' for parameter '{parameter.Field}', expected 'uint'");
            }

            values[index] = value;
        }

        return null;
    }

    private static string NameOf(TypedParameterType type) => type switch
    {
        TypedParameterType.Int32 => "int",
        TypedParameterType.UInt32 => "uint",
        TypedParameterType.Int64 => "llong",
        TypedParameterType.UInt64 => "ullong",
        TypedParameterType.Double => "double",
        TypedParameterType.Boolean => "boolean",
        TypedParameterType.Text => "string",
    };
}
