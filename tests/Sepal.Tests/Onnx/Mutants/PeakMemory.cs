using System.Globalization;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>The most memory that this process had in use at once, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Forgets what was.</summary>
    public static void Reset()
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    /// <summary>Bytes since the last <see cref="Reset"/>.</summary>
    public static long Bytes()
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
