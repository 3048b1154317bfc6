using System;
using System.Collections.Generic;
using System.IO;

namespace Spindle.Fuzz.Protocol;

/// <summary>libvirt's own definitions: a tree of its sources, or their files in one directory.</summary>
internal static class ProtocolFiles
{
    // Headers first: the definitions take numbers from them. Where one is missing, its numbers are missed where they are used.
    private static readonly string[] Headers =
    [
        "include/libvirt/libvirt-common.h.in", "include/libvirt/libvirt-common.h", "include/libvirt/libvirt-host.h",
        "include/libvirt/libvirt-nodedev.h", "include/libvirt/libvirt-admin.h", "include/libvirt/virterror.h", "src/libvirt_internal.h",
        "libvirt-numbers.h",
    ];

    private static readonly string[] Definitions =
    [
        "src/rpc/virnetprotocol.x", "src/rpc/virkeepaliveprotocol.x", "src/remote/remote_protocol.x", "src/admin/admin_protocol.x",
    ];

    /// <summary>Reads them; false with what is missing or wrong.</summary>
    /// <param name="directory">Where they are.</param>
    /// <param name="module">What they say.</param>
    /// <param name="paths">The files of definitions.</param>
    /// <param name="missing">What is missing or wrong.</param>
    public static bool TryRead(string directory, out XdrModule module, out IReadOnlyList<string> paths, out string missing)
    {
        module = new();
        List<string> found = [];
        paths = found;
        missing = "";
        foreach (string header in Headers)
        {
            if (Find(directory, header) is string path)
            {
                CHeader.Read(module, File.ReadAllText(path));
            }
        }

        foreach (string definitions in Definitions)
        {
            if (Find(directory, definitions) is not string path)
            {
                missing = $"{directory} has no {Path.GetFileName(definitions)} (libvirt's sources have it as {definitions})";
                return false;
            }

            found.Add(path);
            try
            {
                XdrParser.Read(module, File.ReadAllText(path));
            }
            catch (FormatException exception)
            {
                missing = $"{path} is not understood: {exception.Message}";
                return false;
            }
        }

        return true;
    }

    private static string? Find(string directory, string file)
    {
        string inTree = Path.Combine(directory, file);
        string flat = Path.Combine(directory, Path.GetFileName(file));
        return File.Exists(inTree) ? inTree : File.Exists(flat) ? flat : null;
    }
}
