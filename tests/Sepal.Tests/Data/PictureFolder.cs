using Sepal.Data;

namespace Sepal.Tests.Data;

/// <summary>A temporary directory of small pictures.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public string Root => _directory.FullName;

    public void Dispose() => _directory.Delete(recursive: true);

    public string Full(string path) => Path.Combine(Root, path);

    /// <summary>Writes a grey picture in which each class is bright elsewhere: class 0 at the top, class 1 at the bottom, and so on.</summary>
    public void WritePicture(string path, int label, int classes, int seed, int size = 8)
    {
        byte[] pixels = new byte[size * size];
        new Random(seed).NextBytes(pixels);
        for (int index = 0; index < pixels.Length; index++)
        {
            bool bright = index / size * classes / size == label;
            pixels[index] = (byte)((pixels[index] / 4) + (bright ? 180 : 0));
        }

        Write(path, PngImage.Encode(pixels, size, size));
    }

    /// <summary>Writes classes <c>a</c>, <c>b</c>, … of so many pictures each.</summary>
    public void WriteClasses(string below, int classes, int each, int size = 8)
    {
        for (int label = 0; label < classes; label++)
        {
            for (int number = 0; number < each; number++)
            {
                WritePicture(Path.Combine(below, $"{(char)('a' + label)}", $"{number:000}.png"), label, classes, (label * 1000) + number, size);
            }
        }
    }

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllBytes(Full(path), bytes);
    }
}
