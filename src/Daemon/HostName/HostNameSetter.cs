using System;
using Spindle.Kernels;

namespace Spindle.Daemon.HostName;

/// <summary>Sets the machine's host and domain name to what the network says.</summary>
public sealed class HostNameSetter(Kernel kernel)
{
    /// <summary>The most characters the kernel keeps of either name (<c>__NEW_UTS_LEN</c>).</summary>
    public const int LengthMax = 64;

    private const int LabelLengthMax = 63;
    private const int NameLengthMax = 253;

    // What the kernel has cannot be read for the domain; nobody else sets it while we run.
    private string? domain;

    /// <summary>Sets the host name; of a full name the first label, the rest becomes the domain name.</summary>
    /// <param name="name">Host or full name, RFC 1123.</param>
    /// <returns>1 if something was set, 0 if the name is the same already, EINVAL if it is no name for a host.</returns>
    public Result SetHostName(string name)
    {
        string bare = name.EndsWith('.') ? name[..^1] : name;

        // A server that calls a client localhost is badly set up, and the name would be harmful.
        if (!IsName(bare) || IsLocalhost(bare))
        {
            return Result.Fail(Errno.EINVAL);
        }

        int dot = bare.IndexOf('.');
        string host = dot < 0 ? bare : bare[..dot];
        Result hostSet = kernel.HostName == host ? Result.Ok() : Changed(kernel.SetHostName(host));
        if (!hostSet.IsOk || dot < 0)
        {
            return hostSet;
        }

        Result domainSet = SetDomainName(bare[(dot + 1)..]);
        return domainSet.IsOk ? Result.Ok(Math.Max(hostSet.Value, domainSet.Value)) : domainSet;
    }

    /// <summary>Sets the domain name (the kernel's NIS domain, as ConnMan does).</summary>
    /// <param name="name">RFC 1123; at most 64 characters.</param>
    /// <returns>1 if it was set, 0 if it is the same already, EINVAL if it is no domain name.</returns>
    public Result SetDomainName(string name)
    {
        string bare = name.EndsWith('.') ? name[..^1] : name;
        if (!IsName(bare) || bare.Length > LengthMax)
        {
            return Result.Fail(Errno.EINVAL);
        }

        if (bare == domain)
        {
            return Result.Ok();
        }

        Result result = Changed(kernel.SetDomainName(bare));
        domain = result.IsOk ? bare : domain;
        return result;
    }

    /// <summary>True for labels of letters, digits and inner hyphens with dots between (RFC 1123, section 2.1).</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > NameLengthMax)
        {
            return false;
        }

        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.Length is 0 or > LabelLengthMax || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char character in label)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool IsLocalhost(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("localhost.", StringComparison.OrdinalIgnoreCase);

    private static Result Changed(Result result) => result.IsOk ? Result.Ok(1) : result;
}
