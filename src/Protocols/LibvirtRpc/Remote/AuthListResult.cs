using System;

namespace Spindle.Protocols.LibvirtRpc.Remote;

/// <summary>Result of 66: how the client may authenticate; libvirtd always names exactly one method.</summary>
/// <param name="Methods">The methods.</param>
public readonly record struct AuthListResult(AuthenticationMethod[] Methods) : IXdrValue<AuthListResult>
{
    /// <summary>Most methods that a client takes.</summary>
    public const int Maximum = 20;

    /// <inheritdoc/>
    public static bool TryRead(ref XdrReader reader, out AuthListResult value)
    {
        value = default;
        if (!reader.TryReadCount(Maximum, sizeof(int), out int count))
        {
            return false;
        }

        AuthenticationMethod[] methods = new AuthenticationMethod[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32(out int method))
            {
                return false;
            }

            methods[i] = (AuthenticationMethod)method;
        }

        value = new(methods);
        return true;
    }

    /// <summary>Writes a list of one method.</summary>
    public static void Write(XdrWriter writer, AuthenticationMethod method)
    {
        writer.WriteCount(1);
        writer.WriteInt32((int)method);
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        writer.WriteCount(Methods.Length, Maximum);
        foreach (AuthenticationMethod method in Methods)
        {
            writer.WriteInt32((int)method);
        }
    }
}
