namespace Spindle.Loop.Oracle.Tests;
/// <summary>x</summary>
public static class DeliberateDifferences;
