namespace Sepal.Kernels.Rows;

/// <summary>Some of the terms of a matrix product whose inner dimension is a list of runs.</summary>
/// <param name="FirstRun">The first run.</param>
/// <param name="RunCount">How many runs.</param>
/// <param name="Start">The first term of each run.</param>
/// <param name="RunLength">How many terms of each run.</param>
internal readonly record struct Segment(int FirstRun, int RunCount, int Start, int RunLength)
{
    /// <summary>
    /// Terms of a segment at most: 128 KiB of a panel of four vectors. For 4608 terms of ResNet-18's last layers it gains 12 % over none;
    /// 128, 256 and 1024 gain less.
    /// </summary>
    private const int MostTerms = 512;

    /// <summary>Terms from which on dividing gains anything: half a MiB of a panel of four vectors.</summary>
    private const int FewestTerms = 2048;

    /// <summary>Divides runs into segments as equal as they come.</summary>
    public static Segment[] Divide(int runCount, int runLength)
    {
        if ((long)runCount * runLength < FewestTerms)
        {
            return [new Segment(0, runCount, 0, runLength)];
        }

        if (runLength > MostTerms)
        {
            int pieces = (runLength + MostTerms - 1) / MostTerms;
            return
            [
                .. from run in Enumerable.Range(0, runCount)
                   from piece in Enumerable.Range(0, pieces)
                   let start = (int)((long)runLength * piece / pieces)
                   select new Segment(run, 1, start, (int)((long)runLength * (piece + 1) / pieces) - start),
            ];
        }

        int runsOfSegment = Math.Max(MostTerms / Math.Max(runLength, 1), 1);
        int segments = Math.Max((runCount + runsOfSegment - 1) / runsOfSegment, 1);
        return
        [
            .. from segment in Enumerable.Range(0, segments)
               let first = runCount * segment / segments
               select new Segment(first, (runCount * (segment + 1) / segments) - first, 0, runLength),
        ];
    }
}
