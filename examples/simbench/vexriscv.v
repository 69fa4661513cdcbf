// VexRiscv with a memory of 64 KiB on both its Wishbone buses. Loads from 0x80000000 on bring
// `seed`; `chk` is of every address and word that its buses carry.
module bench_vexriscv (
    input clk,
    input rst,
    input [31:0] seed,
    output reg [31:0] chk
);
  reg [31:0] ram [0:16383];
  initial $readmemh("PROGRAM", ram);

  wire i_cyc, i_stb, d_cyc, d_stb, d_we;
  wire [29:0] i_adr, d_adr;
  wire [31:0] d_out;
  wire [3:0] d_sel;
  reg i_ack, d_ack, d_outside;
  reg [31:0] i_word, d_word;
  wire [31:0] d_in = d_outside ? seed : d_word;
  wire i_asked = i_cyc & i_stb & ~i_ack;
  wire d_asked = d_cyc & d_stb & ~d_ack;

  VexRiscv core (
      .externalResetVector(32'd0),
      .timerInterrupt(1'b0),
      .softwareInterrupt(1'b0),
      .externalInterruptArray(32'd0),
      .iBusWishbone_CYC(i_cyc),
      .iBusWishbone_STB(i_stb),
      .iBusWishbone_ACK(i_ack),
      .iBusWishbone_WE(),
      .iBusWishbone_ADR(i_adr),
      .iBusWishbone_DAT_MISO(i_word),
      .iBusWishbone_DAT_MOSI(),
      .iBusWishbone_SEL(),
      .iBusWishbone_ERR(1'b0),
      .iBusWishbone_CTI(),
      .iBusWishbone_BTE(),
      .dBusWishbone_CYC(d_cyc),
      .dBusWishbone_STB(d_stb),
      .dBusWishbone_ACK(d_ack),
      .dBusWishbone_WE(d_we),
      .dBusWishbone_ADR(d_adr),
      .dBusWishbone_DAT_MISO(d_in),
      .dBusWishbone_DAT_MOSI(d_out),
      .dBusWishbone_SEL(d_sel),
      .dBusWishbone_ERR(1'b0),
      .dBusWishbone_CTI(),
      .dBusWishbone_BTE(),
      .clk(clk),
      .reset(rst)
  );

  wire [31:0] i_seen = i_ack ? {i_adr, 2'b01} ^ i_word : 32'd0;
  wire [31:0] d_seen = d_ack ? {d_adr, 2'b10} ^ (d_we ? d_out : d_in) : 32'd0;

  always @(posedge clk) begin
    i_word <= ram[i_adr[13:0]];
    d_word <= ram[d_adr[13:0]];
    d_outside <= d_adr[29];
    if (d_asked & d_we & ~d_adr[29]) begin
      if (d_sel[0]) ram[d_adr[13:0]][7:0] <= d_out[7:0];
      if (d_sel[1]) ram[d_adr[13:0]][15:8] <= d_out[15:8];
      if (d_sel[2]) ram[d_adr[13:0]][23:16] <= d_out[23:16];
      if (d_sel[3]) ram[d_adr[13:0]][31:24] <= d_out[31:24];
    end
    if (rst) begin
      i_ack <= 1'b0;
      d_ack <= 1'b0;
      chk <= 32'd0;
    end else begin
      i_ack <= i_asked;
      d_ack <= d_asked;
      chk <= {chk[30:0], chk[31]} ^ i_seen ^ d_seen;
    end
  end
endmodule
