using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Loop.Tests")]
