namespace Sepal.Tests.Onnx.Backend;

/// <summary>Cases of listed operators that are not run, each with its reason.</summary>
internal static class ExcludedCases
{
    private const string ThreeDimensions = "A convolution or pooling over three spatial dimensions; Sepal has one and two.";
    private const string Training = "The training form of the operator, with batch statistics or a random mask as outputs.";
    private const string Text = "Tensors of text.";
    private const string CutOff = "The suite cuts the lower bits off; later versions of ONNX, ONNX Runtime and Sepal round to the nearest even.";
    private const string Sequences = "Sequences or optional values instead of tensors.";

    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["node/test_averagepool_3d_default"] = ThreeDimensions,
        ["node/test_convtranspose_3d"] = ThreeDimensions,
        ["node/test_maxpool_3d_default"] = ThreeDimensions,
        ["pytorch-converted/test_AvgPool3d"] = ThreeDimensions,
        ["pytorch-converted/test_AvgPool3d_stride"] = ThreeDimensions,
        ["pytorch-converted/test_AvgPool3d_stride1_pad0_gpu_input"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_dilated"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_dilated_strided"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_groups"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_no_bias"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_stride"] = ThreeDimensions,
        ["pytorch-converted/test_Conv3d_stride_padding"] = ThreeDimensions,
        ["pytorch-converted/test_MaxPool3d"] = ThreeDimensions,
        ["pytorch-converted/test_MaxPool3d_stride"] = ThreeDimensions,
        ["pytorch-converted/test_MaxPool3d_stride_padding"] = ThreeDimensions,
        ["node/test_batchnorm_epsilon_training_mode"] = Training,
        ["node/test_batchnorm_example_training_mode"] = Training,
        ["node/test_training_dropout"] = Training,
        ["node/test_training_dropout_default"] = Training,
        ["node/test_training_dropout_default_mask"] = Training,
        ["node/test_training_dropout_mask"] = Training,
        ["node/test_training_dropout_zero_ratio"] = Training,
        ["node/test_training_dropout_zero_ratio_mask"] = Training,
        ["node/test_cast_FLOAT_to_STRING"] = Text,
        ["node/test_cast_STRING_to_FLOAT"] = Text,
        ["node/test_cast_FLOAT_to_BFLOAT16"] = CutOff,
        ["node/test_castlike_FLOAT_to_BFLOAT16_expanded"] = CutOff,
        ["node/test_castlike_BFLOAT16_to_FLOAT_expanded"] = "The model declares an input of 3×4, and the data give it one element.",
        ["node/test_castlike_FLOAT_to_STRING_expanded"] = Text,
        ["node/test_castlike_STRING_to_FLOAT_expanded"] = Text,
        ["node/test_identity_opt"] = Sequences,
        ["node/test_identity_sequence"] = Sequences,
    };

    /// <summary>Every excluded case.</summary>
    public static IReadOnlyCollection<string> Names => Reasons.Keys;

    /// <summary>Why a case is not run; null where it is.</summary>
    public static string? Reason(BackendCase @case) => Reasons.GetValueOrDefault(@case.ToString());
}
