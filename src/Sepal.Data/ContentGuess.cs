namespace Sepal.Data;

/// <summary>Says what a file seems to be, when it is not what it should be.</summary>
internal static class ContentGuess
{
    /// <summary>Names the kind of file.</summary>
    /// <param name="start">The first bytes, up to four.</param>
    /// <returns>A phrase for a message.</returns>
    public static string Describe(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'<', ..] or [0xEF, 0xBB, 0xBF, ..] => "as a web page does",
        [(byte)'P', (byte)'K', ..] => "as a zip archive does",
        [0x89, (byte)'P', (byte)'N', (byte)'G'] => "as a PNG picture does",
        [0xFF, 0xD8, ..] => "as a JPEG picture does",
        [0x93, (byte)'N', (byte)'U', (byte)'M'] => "as a NumPy file does",
        [(byte)'v', (byte)'e', (byte)'r', (byte)'s'] => "as a Git LFS pointer does",
        [0x1F, 0x8B, ..] => "as a file gzip'd twice does",
        _ => "as no kind of file that Sepal knows does",
    };

    /// <summary>Says what to do about it.</summary>
    /// <param name="start">The first bytes, up to four.</param>
    /// <returns>A sentence for a message.</returns>
    public static string Remedy(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'<', ..] or [0xEF, 0xBB, 0xBF, ..] => "The server answered with a page instead of the file: download it from another address.",
        [(byte)'P', (byte)'K', ..] => "Unpack the archive and give the files in it.",
        [(byte)'v', (byte)'e', (byte)'r', (byte)'s'] => "Fetch the file itself with git lfs pull.",
        [0x1F, 0x8B, ..] => "Unpack it once with gunzip.",
        _ => "Check that this is the right file.",
    };
}
