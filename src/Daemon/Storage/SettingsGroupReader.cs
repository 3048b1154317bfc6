using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Storage;

/// <summary>Reads the keys of one group; what makes no sense is told and counts as absent.</summary>
internal sealed class SettingsGroupReader(KeyFileDocument document, string group, ICollection<KeyFileError> defects)
{
    /// <summary>Null if it is absent or empty.</summary>
    public string? String(string key)
    {
        if (document.Find(group, key) is not { } entry)
        {
            return null;
        }

        if (!entry.TryString(out string? value, out KeyFileError error))
        {
            defects.Add(error);
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    public bool? Boolean(string key)
    {
        if (document.Find(group, key) is not { } entry)
        {
            return null;
        }

        if (entry.TryBoolean(out bool value, out KeyFileError error))
        {
            return value;
        }

        defects.Add(error);
        return null;
    }

    public ImmutableArray<string> Strings(string key)
    {
        if (document.Find(group, key) is not { } entry)
        {
            return [];
        }

        if (!entry.TryList(';', out List<string>? pieces, out KeyFileError error))
        {
            defects.Add(error);
            return [];
        }

        pieces.RemoveAll(string.IsNullOrEmpty);
        return [.. pieces];
    }

    public ImmutableArray<IpAddress> Addresses(string key)
    {
        ImmutableArray<IpAddress>.Builder addresses = ImmutableArray.CreateBuilder<IpAddress>();
        foreach (string piece in Strings(key))
        {
            if (IpAddress.TryParse(piece, out IpAddress address))
            {
                addresses.Add(address);
            }
            else
            {
                Complain(key, $"names '{piece}', which is no address");
            }
        }

        return addresses.ToImmutable();
    }

    /// <summary>Null if it is absent, empty or all zeros.</summary>
    public IpAddress? Address(string key, IpFamily family)
    {
        if (String(key) is not { } text)
        {
            return null;
        }

        if (IpAddress.TryParse(text, out IpAddress address) && address.Family == family)
        {
            return address.IsUnspecified ? null : address;
        }

        Complain(key, $"is '{text}', which is no address of its kind");
        return null;
    }

    public IpPrefix? Prefix(string addressKey, string lengthKey, IpFamily family)
    {
        IpAddress? address = Address(addressKey, family);
        long? length = document.GetInt64(group, lengthKey);
        if (address is { } value && length is >= 0 && length <= value.BitLength)
        {
            return new IpPrefix(value, (byte)length);
        }

        Complain(addressKey, $"and '{lengthKey}' make no address");
        return null;
    }

    public void Complain(string key, string reason) =>
        defects.Add(new KeyFileError(document.Find(group, key)?.Line ?? 0, $"the value of '{key}' {reason}"));
}
