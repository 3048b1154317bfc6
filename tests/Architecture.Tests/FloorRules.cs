using System;
using System.Collections.Generic;
using System.Linq;

namespace Spindle.Architecture;

/// <summary>The floors of ARCHITECTURE.md: an arrow goes down only, and never to a room on its own floor.</summary>
public static class FloorRules
{
    private static readonly Dictionary<string, int> Floors = new(StringComparer.Ordinal)
    {
        ["src/Basics"] = 0,
        ["src/Kernel"] = 1,
        ["src/Loop"] = 2,
        ["src/Model"] = 2,
        ["src/Drivers"] = 3,
        ["src/DBus"] = 3,
        ["src/LibvirtDoor"] = 3,
        ["src/Simulation"] = 3,
        ["src/Daemon"] = 4,
    };

    /// <summary>What is wrong with the references of these projects; empty when nothing is.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<Project> projects)
    {
        return projects.SelectMany(ViolationsOf).ToList();
    }

    /// <summary>The floor of a project folder, or null when no rule knows the folder.</summary>
    public static int? FloorOf(string folder)
    {
        if (folder.StartsWith("src/Protocols/", StringComparison.Ordinal))
        {
            return 2;
        }

        return folder.StartsWith("src/Programs/", StringComparison.Ordinal) ? 5
            : Floors.TryGetValue(folder, out int floor) ? floor
            : null;
    }

    private static IEnumerable<string> ViolationsOf(Project project)
    {
        if (FloorOf(project.Folder) is not int floor)
        {
            yield return $"{project.Folder} is on no floor: give it one here and in ARCHITECTURE.md";
            yield break;
        }

        foreach (string reference in project.References)
        {
            if (FloorOf(reference) is not int below)
            {
                yield return $"{project.Folder} references {reference}, which is on no floor";
            }
            else if (below >= floor)
            {
                yield return $"{project.Folder} (floor {floor}) references {reference} (floor {below}): an arrow goes down only";
            }
            else if (SeesBasicsAlone(project.Folder) && reference != "src/Basics")
            {
                yield return $"{project.Folder} references {reference}: protocols and the model see Basics alone";
            }
        }
    }

    private static bool SeesBasicsAlone(string folder)
    {
        return folder == "src/Model" || folder.StartsWith("src/Protocols/", StringComparison.Ordinal);
    }
}
