namespace Spindle.Loop.Tests;

/// <summary>What the tests use of System.IO.Path, on the simulated kernel's files.</summary>
internal static class Path
{
    private static int numbers;

    public static string GetTempPath() => "/tmp/";

    public static string Combine(string folder, string name) => folder.TrimEnd('/') + "/" + name;

    public static string GetTempFileName()
    {
        string path = $"/tmp/file{++numbers}";
        File.WriteAllText(path, "");
        return path;
    }
}
