namespace Spindle.Kernels.Tests;

public sealed class ErrnoTextTests
{
    [Theory]
    [InlineData(Errno.ENOENT, "No such file or directory")]
    [InlineData(Errno.ECONNRESET, "Connection reset by peer")]
    public void An_error_has_the_words_that_people_know(Errno error, string words) => Assert.Equal(words, error.Describe());
}
