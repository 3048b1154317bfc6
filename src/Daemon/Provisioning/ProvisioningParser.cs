using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Spindle.Daemon.Configuration;
using Spindle.Model;
using Spindle.Protocols.KeyFile;

namespace Spindle.Daemon.Provisioning;

/// <summary>Reads a provisioning file (<c>connman-service.config(5)</c>). A wrong value refuses all of it.</summary>
public static class ProvisioningParser
{
    /// <summary>The most services in a file.</summary>
    public const int ServicesMax = 1024;

    /// <summary>How names of such files end.</summary>
    public const string Suffix = ".config";

    private const string Global = "global";
    private const string ServicePrefix = "service_";

    /// <summary>True if the name is letters and digits before the suffix, as ConnMan wants it.</summary>
    public static bool IsFileName(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        return fileName.EndsWith(Suffix, StringComparison.Ordinal) && fileName.Length > Suffix.Length
            && fileName.AsSpan(0, fileName.Length - Suffix.Length).IndexOfAnyExcept(LettersAndDigits) < 0;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="fileName">Its name, suffix included.</param>
    /// <param name="octets">Its content.</param>
    /// <param name="file">What it says.</param>
    /// <param name="error">Why it is refused.</param>
    public static bool TryParse(
        string fileName, ReadOnlySpan<byte> octets, [NotNullWhen(true)] out ProvisioningFile? file, out KeyFileError error)
    {
        file = null;
        ArgumentNullException.ThrowIfNull(fileName);
        if (!KeyFileDocument.TryParse(octets, out KeyFileDocument? document, out error))
        {
            return false;
        }

        string name = fileName.EndsWith(Suffix, StringComparison.Ordinal) ? fileName[..^Suffix.Length] : fileName;
        List<ConfigurationRemark> remarks = [];
        ImmutableArray<ProvisionedService>.Builder services = ImmutableArray.CreateBuilder<ProvisionedService>();
        foreach (string group in document.Groups())
        {
            if (!TryReadGroup(new(document, group, fileName, remarks), name, services, out error))
            {
                return false;
            }
        }

        if (services.Count > ServicesMax)
        {
            error = new(0, $"more than {ServicesMax} services");
            return false;
        }

        file = new(services.ToImmutable(), [.. remarks])
        {
            Name = document.GetString(Global, "Name"),
            Description = document.GetString(Global, "Description"),
        };
        return true;
    }

    private static System.Buffers.SearchValues<char> LettersAndDigits { get; } =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private static bool TryReadGroup(
        ProvisioningGroup group, string file, ImmutableArray<ProvisionedService>.Builder services, out KeyFileError error)
    {
        error = default;
        if (group.Name == Global)
        {
            group.RemarkUnknown(["Name", "Description"], "");
        }
        else if (!group.Name.StartsWith(ServicePrefix, StringComparison.Ordinal))
        {
            group.Remark(0, $"unknown group '[{group.Name}]' is ignored");
        }
        else if (group.Name.Length == ServicePrefix.Length)
        {
            error = new(0, $"group '[{group.Name}]' has no name behind '{ServicePrefix}'");
        }
        else
        {
            string entry = group.Name[ServicePrefix.Length..];
            if (ServiceGroupParser.Read(group, new ProvisionedService(file, entry)) is { } service)
            {
                services.Add(service);
            }

            error = group.Error;
        }

        return error.Reason is null;
    }
}
