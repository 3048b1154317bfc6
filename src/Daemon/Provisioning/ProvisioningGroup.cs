using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Spindle.Basics;
using Spindle.Daemon.Configuration;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Provisioning;

/// <summary>Reads keys of one group of a provisioning file; the first that is wrong is remembered as the file's error.</summary>
internal sealed class ProvisioningGroup(
    KeyFileDocument document, string group, string fileName, ICollection<ConfigurationRemark> remarks)
{
    public string Name => group;

    /// <summary>The first mistake; its reason is null if there is none.</summary>
    public KeyFileError Error { get; private set; }

    public bool IsBad => Error.Reason is not null;

    /// <summary>Null if it is absent or wrong.</summary>
    public string? String(string key)
    {
        if (document.Find(group, key) is not { } entry)
        {
            return null;
        }

        if (entry.TryString(out string? value, out KeyFileError error))
        {
            return value.Trim();
        }

        Fail(error);
        return null;
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

        Fail(error);
        return null;
    }

    /// <summary>Pieces between commas, blanks around them and empty ones left out; null if the key is absent.</summary>
    public ImmutableArray<string>? Strings(string key)
    {
        if (document.Find(group, key) is not { } entry)
        {
            return null;
        }

        if (!entry.TryList(',', out List<string>? pieces, out KeyFileError error))
        {
            Fail(error);
            return null;
        }

        ImmutableArray<string>.Builder values = ImmutableArray.CreateBuilder<string>();
        foreach (string piece in pieces)
        {
            string value = piece.Trim();
            if (value.AsSpan().ContainsAny(" \t\n\r\v\f"))
            {
                Fail(key, $"holds '{value}', which has blanks in it");
            }
            else if (value.Length > 0)
            {
                values.Add(value);
            }
        }

        return values.ToImmutable();
    }

    public ImmutableArray<IpAddress>? Addresses(string key)
    {
        if (Strings(key) is not { } pieces)
        {
            return null;
        }

        ImmutableArray<IpAddress>.Builder addresses = ImmutableArray.CreateBuilder<IpAddress>();
        foreach (string piece in pieces)
        {
            if (!IpAddress.TryParse(piece, out IpAddress address) || address.IsUnspecified || address.IsMulticast)
            {
                Fail(key, $"names '{piece}', which is no address of a server");
                return null;
            }

            addresses.Add(address);
        }

        return addresses.ToImmutable();
    }

    /// <summary>One of these words.</summary>
    public string? Word(string key, ReadOnlySpan<string> words)
    {
        string? value = String(key);
        if (value is not null && !words.Contains(value))
        {
            Fail(key, $"is '{value}', which is none of {string.Join(", ", words.ToArray())}");
        }

        return value;
    }

    public bool Has(string key) => document.Find(group, key) is not null;

    public void Fail(string key, string reason) =>
        Fail(new KeyFileError(document.Find(group, key)?.Line ?? 0, $"the value of '{key}' {reason}"));

    public void Fail(KeyFileError error)
    {
        if (!IsBad)
        {
            Error = error;
        }
    }

    public void Remark(int line, string reason, bool isMistake = true) =>
        remarks.Add(new(fileName, line, reason, isMistake));

    /// <summary>Remarks the keys of the group that are none of these.</summary>
    public void RemarkUnknown(ReadOnlySpan<string> known, string why)
    {
        foreach (KeyFileEntry entry in document.Entries(group))
        {
            if (!known.Contains(entry.Key))
            {
                Remark(entry.Line, $"unknown key '{entry.Key}'{why} is ignored");
            }
        }
    }
}
