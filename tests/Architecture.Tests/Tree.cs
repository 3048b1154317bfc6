using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Spindle.Architecture;

/// <summary>The repository as the rules see it: projects with their references, and sources.</summary>
public static class Tree
{
    /// <summary>Folder of Spindle.slnx, found upward from where the tests run.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every project below src, by its folder (<c>src/Protocols/Dhcp</c>).</summary>
    public static IReadOnlyList<Project> Projects()
    {
        return Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(Read)
            .OrderBy(project => project.Folder, StringComparer.Ordinal)
            .ToList();
    }

    /// <summary>Every source file below src that a person wrote.</summary>
    public static IReadOnlyList<Source> Sources()
    {
        return Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(Relative)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => new Source(path, File.ReadAllText(Path.Combine(Root, path))))
            .ToList();
    }

    private static Project Read(string file)
    {
        XDocument document = XDocument.Load(file);
        string folder = Path.GetDirectoryName(file)!;
        List<string> references = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value)))
            .Select(path => Relative(Path.GetDirectoryName(path)!))
            .ToList();
        bool isUnsafe = document.Descendants("AllowUnsafeBlocks").Any(element => element.Value.Trim() == "true");
        return new Project(Relative(folder), references, isUnsafe);
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Spindle.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}

/// <summary>A project below src.</summary>
/// <param name="Folder">Folder relative to the root, with slashes.</param>
/// <param name="References">Folders of the projects it references.</param>
/// <param name="AllowsUnsafe">Whether the project file turns unsafe code on.</param>
public sealed record Project(string Folder, IReadOnlyList<string> References, bool AllowsUnsafe);

/// <summary>A source file below src.</summary>
/// <param name="Path">Path relative to the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
public sealed record Source(string Path, string Text);
