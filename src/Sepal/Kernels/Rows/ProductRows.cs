using Sepal.Kernels.Convolution;
using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Rows;

/// <summary>Chooses the vector width of <see cref="ProductRows{TSimd, TVector}"/>.</summary>
internal static class ProductRows
{
    /// <summary>Floats of the narrowest vectors, of which a part is used where there are even fewer channels.</summary>
    private const int NarrowestVector = 4;

    public static ConvolutionRows Create(in ConvolutionGeometry geometry, Epilogue epilogue, bool isScaled, bool isPlanar, int shares) =>
        SimdLevel.Create<Factory, ConvolutionRows>(
            new Factory(geometry, epilogue, isScaled, isPlanar, shares), widest: Math.Max(geometry.GroupOutputChannels, NarrowestVector));

    private readonly struct Factory(ConvolutionGeometry geometry, Epilogue epilogue, bool isScaled, bool isPlanar, int shares) : ISimdFactory<ConvolutionRows>
    {
        public ConvolutionRows Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new ProductRows<TSimd, TVector>(geometry, epilogue, isScaled, isPlanar, shares);
    }
}

/// <summary>
/// A convolution as a matrix product: a row for every target pixel, a column for every target channel. Packed are, for each group,
/// the bias and then the kernel, a panel after the other.
/// </summary>
internal sealed unsafe class ProductRows<TSimd, TVector> : ConvolutionRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Pixels for which a panel of weights is read again once it is in the nearest cache; a multiple of every tile's rows.
    /// </summary>
    private const int PixelsOfPass = 120;

    private readonly Correlation _correlation;
    private readonly KernelLayout _kernel;
    private readonly SourceWindow _window;
    private readonly PanelLayout _panels;
    private readonly Runs _runs;
    private readonly StripPixels _pixels;
    private readonly int _innerLength;
    private readonly int _rowsOfPass;
    private readonly Segment[] _segments;
    private readonly Epilogue _epilogue;
    private readonly bool _isScaled;

    public ProductRows(in ConvolutionGeometry geometry, Epilogue epilogue, bool isScaled, bool isPlanar, int shares)
        : base(geometry)
    {
        _correlation = Correlation.Forward(geometry);
        _kernel = KernelLayout.Forward(geometry);
        _window = new SourceWindow(_correlation, isPlanar);
        _panels = new PanelLayout(geometry.GroupOutputChannels, overlapLast: true, TSimd.Width, shares);
        _innerLength = geometry.KernelArea * geometry.GroupInputChannels;
        _runs = Runs.OfTaps(_correlation, _window, geometry.GroupInputChannels);
        _rowsOfPass = Math.Clamp(
            (PixelsOfPass + geometry.OutputWidth - 1) / geometry.OutputWidth, 1, Math.Max(geometry.OutputHeight, 1));
        _pixels = new StripPixels(_correlation, _window, _rowsOfPass);
        _segments = Segment.Divide(_runs.Count, _runs.Length);
        _epilogue = epilogue;
        _isScaled = isScaled;
    }

    public override long PackedLength => _kernel.Groups * GroupLength;

    public override long ScratchLength => _isScaled ? _window.ReadLength(_rowsOfPass) : _window.ScratchLength(_rowsOfPass);

    public override int Blocks => _panels.Count;

    private long GroupLength => _panels.PackedLength(_innerLength + 1);

    public override void Pack(float* kernel, float* bias, float* packed)
    {
        for (int group = 0; group < _kernel.Groups; group++)
        {
            for (int panel = 0; panel < _panels.Count; panel++)
            {
                float* destination = packed + (group * GroupLength) + _panels.PanelStart(panel, _innerLength + 1);
                PackPanel(kernel, bias == null ? null : bias + (group * _kernel.GroupTargetChannels), destination, group, panel);
            }
        }
    }

    public override void Run(in RowOperands operands)
    {
        for (int row = operands.From; row < operands.To; row += _rowsOfPass)
        {
            RunPass(operands, row, Math.Min(_rowsOfPass, operands.To - row));
        }
    }

    private void PackPanel(float* kernel, float* bias, float* packed, int group, int panel)
    {
        int width = _panels.PanelWidth(panel);
        for (int vector = 0; vector < _panels.Vectors(panel); vector++)
        {
            bool isLast = vector == _panels.Vectors(panel) - 1;
            int column = _panels.FirstColumn(panel) + (vector * TSimd.Width) - (isLast ? _panels.Overlap(panel) : 0);
            int count = isLast ? _panels.LastCount(panel) : TSimd.Width;
            float* destination = packed + (vector * TSimd.Width);
            TSimd.Store(bias == null ? default : TSimd.LoadPartial(bias + column, count), destination);
            for (int tap = 0; tap < _correlation.TapCount; tap++)
            {
                float* weights = kernel + _kernel.Offset(tap, group, column);
                for (int channel = 0; channel < _kernel.GroupSourceChannels; channel++, weights += _kernel.SourceStride)
                {
                    destination += width;
                    TSimd.Store(TSimd.LoadPartial(weights, count), destination);
                }
            }
        }
    }

    private void RunPass(in RowOperands operands, int firstRow, int rows)
    {
        float* window = _window.Open(operands.Source, firstRow, rows, operands.Scratch);
        int pixels = rows * _correlation.Columns.TargetCount;
        if (operands.Scale != null)
        {
            Scale(window, operands.Scale, operands.Scratch, pixels, _correlation.SourceChannels);
            window = operands.Scratch;
        }

        nint origin = _pixels.Origin(firstRow);
        fixed (nint* sourceRows = _pixels.Sources, targetRows = _pixels.Targets, runs = _runs.Starts)
        {
            TileOperands tiles = new()
            {
                LeftRows = sourceRows,
                Runs = runs,
                LeftStep = 1,
                OutputRows = targetRows,
                Low = _epilogue.Low,
                High = _epilogue.High,
            };
            for (int group = 0; group < _kernel.Groups; group++)
            {
                tiles.Left = window + ((long)group * _kernel.GroupSourceChannels);
                for (int panel = operands.FirstBlock; panel < operands.EndBlock; panel++)
                {
                    nint column = origin + (group * _kernel.GroupTargetChannels) + _panels.FirstColumn(panel);
                    float* packed = operands.Packed + (group * GroupLength) + _panels.PanelStart(panel, _innerLength + 1);
                    tiles.Bias = packed;
                    tiles.Right = packed + _panels.PanelWidth(panel);
                    tiles.RightStep = _panels.PanelWidth(panel);
                    tiles.Output = operands.Target + column;
                    tiles.Addend = operands.Addend == null ? null : operands.Addend + column;
                    tiles.LastCount = _panels.LastCount(panel);
                    tiles.LastOverlap = _panels.Overlap(panel);
                    RunSegments(tiles, _panels.Vectors(panel), pixels);
                }
            }
        }
    }

    /// <summary>
    /// Adds up the terms a segment after the other, each for all pixels, so that the segment's weights are read again while they
    /// are near. Bounds and functions apply after the last one.
    /// </summary>
    private void RunSegments(TileOperands tiles, int vectors, int pixels)
    {
        float* left = tiles.Left;
        nint* runs = tiles.Runs;
        for (int index = 0; index < _segments.Length; index++)
        {
            Segment segment = _segments[index];
            tiles.Left = left + segment.Start;
            tiles.Runs = runs + segment.FirstRun;
            tiles.RunCount = segment.RunCount;
            tiles.RunLength = segment.RunLength;
            if (index == _segments.Length - 1)
            {
                tiles.Clamps = _epilogue.Clamps;
                tiles.Curve = _epilogue.Curve;
            }

            TileSweep<TSimd, TVector>.Run(tiles, vectors, pixels);
            tiles.Right += segment.RunCount * segment.RunLength * tiles.RightStep;
            tiles.Bias = null;
            tiles.Accumulate = true;
        }
    }

    private static void Scale(float* source, float* factors, float* target, int pixels, int channels)
    {
        int whole = channels - (channels % TSimd.Width);
        int rest = channels - whole;
        for (int pixel = 0; pixel < pixels; pixel++, source += channels, target += channels)
        {
            for (int channel = 0; channel < whole; channel += TSimd.Width)
            {
                TSimd.Store(TSimd.Multiply(TSimd.Load(source + channel), TSimd.Load(factors + channel)), target + channel);
            }

            if (rest > 0)
            {
                TSimd.StorePartial(
                    TSimd.Multiply(TSimd.LoadPartial(source + whole, rest), TSimd.LoadPartial(factors + whole, rest)), target + whole, rest);
            }
        }
    }
}
