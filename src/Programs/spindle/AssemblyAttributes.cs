using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("spindle.Tests")]
