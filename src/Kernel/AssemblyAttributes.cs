using System.Runtime.CompilerServices;

// Every call passes plain numbers and pointers: no marshalling stub may appear.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Kernel.Tests")]
