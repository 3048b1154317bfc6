using System;
using System.IO;

namespace Spindle.Daemon.Tests.Storage;

/// <summary>A directory that goes away with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("spindle-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Root, name);

    public string Read(string name) => File.ReadAllText(Path(name));

    public bool Has(string name) => System.IO.Path.Exists(Path(name));

    public string Write(string name, string text)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
